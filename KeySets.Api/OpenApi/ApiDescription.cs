using System.Net.Mime;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OData.Edm;
using Microsoft.OpenApi;

namespace KeySets.Api.OpenApi;

/// <summary>
/// Fills the OpenAPI document. It drops the endpoints that ASP.NET Core finds: the actions of an OData service read
/// bodies and query options by themselves, and each resource has several URLs.
/// </summary>
/// <param name="model">The entity data model.</param>
public sealed class ApiDescription(IEdmModel model) : IOpenApiDocumentTransformer
{
    private const string Bearer = "bearer";

    /// <inheritdoc />
    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "KeySets",
            Version = "v1",
            Description = "JSON Web Key sets behind an OData v4 API. `/$metadata` describes the same in CSDL. "
                + "Everything is served at `/` and at `/beta`.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        foreach (OpenApiServer server in document.Servers ?? [])
        {
            // Clients append paths, which begin with a slash.
            server.Url = server.Url?.TrimEnd('/');
        }

        document.Components = Components(document);
        document.Tags = ApiOperations.All
            .Select(operation => operation.Tag)
            .Distinct()
            .Select(tag => new OpenApiTag { Name = tag })
            .ToHashSet();
        document.Paths = [];
        foreach (IGrouping<string, ApiOperation> path in ApiOperations.All.GroupBy(operation => operation.Path))
        {
            document.Paths.Add(path.Key, new OpenApiPathItem
            {
                Operations = path.ToDictionary(
                    operation => operation.Method, operation => Describe(document, operation)),
            });
        }

        return Task.CompletedTask;
    }

    private OpenApiComponents Components(OpenApiDocument document) => new()
    {
        Schemas = ApiSchemas.All(document, model, IsCloudRoot(document))
            .ToDictionary(named => named.Name, named => (IOpenApiSchema)named.Schema),
        Parameters = ApiParameters.All.ToDictionary(named => named.Key, named => (IOpenApiParameter)named.Value),
        SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                BearerFormat = "JWT",
                Description =
                    $"An access token with {Permissions.Read} or {Permissions.ReadWrite} in scp, scope or roles; "
                    + $"{Permissions.ReadAudit} for the audit events.",
            },
        },
    };

    // ASP.NET Core takes the URL from the request for the document.
    private static bool IsCloudRoot(OpenApiDocument document) =>
        document.Servers is [{ Url: { } url }, ..] && CloudRoot.IsAt(new Uri(url).AbsolutePath);

    private static OpenApiOperation Describe(OpenApiDocument document, ApiOperation operation) => new()
    {
        OperationId = operation.Id,
        Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
        Summary = operation.Summary,
        Description = operation.Description,
        Parameters =
        [
            .. operation.InPath
                .Concat(operation.Parameters)
                .Select(name => new OpenApiParameterReference(name, document)),
        ],
        RequestBody = operation.Body is null ? null : RequestBody(document, operation),
        Responses = Responses(document, operation),
        // An empty list means that the client needs no token.
        Security = operation.Permission is null
            ? []
            : [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [operation.Permission] }],
    };

    private static OpenApiRequestBody RequestBody(OpenApiDocument document, ApiOperation operation) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Application.Json] = new()
            {
                Schema = ApiSchema.Reference(document, operation.Body!),
                Examples = ApiExamples.Requests(operation.Id).ToDictionary(
                    example => example.Title,
                    example => (IOpenApiExample)new OpenApiExample { Value = example.Body }),
            },
        },
    };

    private static OpenApiResponses Responses(OpenApiDocument document, ApiOperation operation)
    {
        OpenApiResponses responses = [];
        foreach (int status in operation.AllStatuses)
        {
            responses.Add($"{status}", new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = Content(document, operation, status),
                Headers = operation.HeadersOf(status).ToDictionary(
                    name => name, name => (IOpenApiHeader)new OpenApiHeader { Schema = ApiSchema.String() }),
            });
        }

        foreach (int status in operation.AllErrors)
        {
            responses.Add($"{status}", Error(document, ReasonPhrases.GetReasonPhrase(status)));
        }

        responses.Add("default", Error(document, "Any other error"));
        return responses;
    }

    private static OpenApiResponse Error(OpenApiDocument document, string description) => new()
    {
        Description = description,
        Content = Content(document, MediaTypeNames.Application.Json, ApiSchemas.Error),
    };

    private static Dictionary<string, OpenApiMediaType>? Content(
        OpenApiDocument document, ApiOperation operation, int status)
    {
        if (operation.Answer is null || status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return null;
        }

        Dictionary<string, OpenApiMediaType> content = Content(document, operation.MediaType, operation.Answer);
        content[operation.MediaType].Example = ApiExamples.Answer(operation.Id, status);
        return content;
    }

    private static Dictionary<string, OpenApiMediaType> Content(
        OpenApiDocument document, string mediaType, string schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = ApiSchema.Reference(document, schema) } };
}
