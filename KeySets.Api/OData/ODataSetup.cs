using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Batch;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData;

/// <summary>The setup of the OData service.</summary>
public static class ODataSetup
{
    /// <summary>Adds the controllers and what ASP.NET Core OData needs to know.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddODataService(this WebApplicationBuilder builder)
    {
        string prefix = builder.Configuration["KeySets:IdPrefix"] ?? "";
        if (prefix.Length > 0 && !KeySetIds.IsValid(prefix))
        {
            throw new StartupException(
                "KeySets:IdPrefix has other characters than ids have: A-Z, a-z, 0-9, '.', '_' and '-'.");
        }

        if (!bool.TryParse(builder.Configuration["KeySets:Publish"] ?? bool.TrueString, out bool publish))
        {
            throw new StartupException("KeySets:Publish is neither true nor false.");
        }

        // It takes a good part of the start, and nothing needs it before the controllers are mapped.
        Task<IEdmModel> model = Task.Run(KeySetsEdmModel.Build);
        builder.Services.AddSingleton(_ => model.GetAwaiter().GetResult());
        builder.Services.AddSingleton(new KeySetIds(prefix));
        builder.Services.AddSingleton(new Publishing(publish));
        builder.Services.AddSingleton<QueryReads>();
        builder.Services.AddSingleton<KeySetQueries>();
        builder.Services.AddSingleton<AuditQueries>();
        builder.Services.AddSingleton<NewKeys>();
        builder.Services.AddSingleton<TrustFrameworkQueries>();
        builder.Services.AddSingleton<RepeatableRequests>();
        builder.Services.AddSingleton<BatchEntry>();
        builder.Services.AddSingleton<BatchCapacity>();
        builder.Services.AddSingleton<IApplicationModelProvider, PropertyRoutes>();
        builder.Services.AddSingleton<IApplicationModelProvider, EntitySetRoutes>();
        builder.Services
            .AddControllers(options =>
            {
                options.ReturnHttpNotAcceptable = true;
                options.Filters.Add<FormatOptionFilter>();
            })
            .AddOData(options =>
            {
                options.UrlKeyDelimiter = ODataUrlKeyDelimiter.Parentheses;
                options.AddRouteComponents("", model.GetAwaiter().GetResult(), AddWriter);
            });
        builder.Services.Replace(ServiceDescriptor.Singleton<IODataQueryRequestParser, QueryInBody>());
        builder.Services.PostConfigure<MvcOptions>(options => Buffer(options.OutputFormatters));
    }

    /// <summary>
    /// Maps the controllers. The service document and $metadata need no token. HEAD is supported wherever GET is.
    /// </summary>
    public static void MapODataService(this WebApplication app) => app.MapControllers().Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<ControllerActionDescriptor>()
            .Any(action => action.ControllerTypeInfo == typeof(MetadataController)))
        {
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }

        AllowHead(endpoint);
    });

    /// <summary>Makes an endpoint answer HEAD as it answers GET. Kestrel sends the headers and no body.</summary>
    public static void AllowHead(EndpointBuilder endpoint)
    {
        // The last metadata counts.
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
        {
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }

    private static void AddWriter(IServiceCollection services)
    {
        services.AddSingleton<ODataResourceSerializer, KeySetSerializer>();
        services.AddSingleton<ODataResourceSetSerializer, PageSerializer>();
        services.AddSingleton<ODataCollectionSerializer, CollectionPropertySerializer>();
        // The serializer writes typed objects, and writes type names in a way that the validation would refuse.
        services.AddScoped(_ => new ODataMessageWriterSettings
        {
            Validations = ValidationKinds.None,
            EnableMessageStreamDisposal = false,
        });
    }

    private static void Buffer(FormatterCollection<IOutputFormatter> formatters)
    {
        for (int index = 0; index < formatters.Count; index++)
        {
            if (formatters[index] is ODataOutputFormatter formatter)
            {
                formatters[index] = new BufferedFormatter(formatter);
            }
        }
    }
}
