using KeySets.Model;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeySets.Api.Hosting.Development;

/// <summary>
/// Tells clients that are generated from the OpenAPI document where they get a token by themselves: from the issuer of
/// this run, with the client-credentials grant. It stands beside the token that a client has from elsewhere.
/// </summary>
public sealed class TokenDescription : IOpenApiDocumentTransformer
{
    private const string Scheme = "oauth2";

    /// <inheritdoc />
    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        OpenApiOAuthFlow flow = new()
        {
            // At the root that the document was read from.
            TokenUrl = new Uri($"{document.Servers![0].Url}/{DevelopmentTokens.TokenPath}"),
            Scopes = new Dictionary<string, string>
            {
                [Permissions.Read] = "Reading.",
                [Permissions.ReadWrite] = "Reading and writing.",
                [Permissions.ReadAudit] = "Reading the audit events.",
            },
        };
        document.AddComponent(Scheme, (IOpenApiSecurityScheme)new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Flows = new OpenApiOAuthFlows { ClientCredentials = flow },
            Description = "A token of this run, for any client id and any secret. In Development only.",
        });
        foreach (OpenApiOperation operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            if (operation.Security is [{ } bearer])
            {
                operation.Security.Add(new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(Scheme, document)] = bearer.Values.Single(),
                });
            }
        }

        return Task.CompletedTask;
    }
}
