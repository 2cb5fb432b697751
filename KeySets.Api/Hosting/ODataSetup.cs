using KeySets.Api.Keys;
using KeySets.Api.OData;
using KeySets.Api.OData.Batch;
using KeySets.Api.OData.Query;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OData;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the OData service.</summary>
public static class ODataSetup
{
    /// <summary>Adds the controllers and what the library needs to be told.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddODataService(this WebApplicationBuilder builder)
    {
        string prefix = builder.Configuration["KeySets:IdPrefix"] ?? "";
        if (prefix.Length > 0 && !KeySetIds.IsValid(prefix))
        {
            throw new StartupException("KeySets:IdPrefix has other characters than ids have: A-Z, a-z, 0-9, '.', '_' and '-'.");
        }

        if (!bool.TryParse(builder.Configuration["KeySets:Publish"] ?? bool.TrueString, out bool publish))
        {
            throw new StartupException("KeySets:Publish is neither true nor false.");
        }

        // A key of a URL that cannot be read is the fault of the client, who is told so; the library logs its value as an error.
        builder.Logging.AddFilter("Microsoft.AspNetCore.OData.Routing.Template", LogLevel.None);
        builder.Services.AddSingleton(new KeySetIds(prefix));
        builder.Services.AddSingleton(new Publishing(publish));
        builder.Services.AddScoped<KeySetReads>();
        builder.Services
            .AddControllers(options => options.ReturnHttpNotAcceptable = true)
            .AddOData(options =>
            {
                options.UrlKeyDelimiter = ODataUrlKeyDelimiter.Parentheses;
                options.AddRouteComponents("", KeySetsEdmModel.Build(), AddWriter);
            });
        builder.Services.Replace(ServiceDescriptor.Singleton<IODataQueryRequestParser, QueryInBody>());
        builder.Services.PostConfigure<MvcOptions>(options => Steady(options.OutputFormatters));
    }

    /// <summary>Maps the controllers. The service document and $metadata are for everybody. HEAD is wherever GET is.</summary>
    public static void MapODataService(this WebApplication app) => app.MapControllers().Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<ControllerActionDescriptor>().Any(action => action.ControllerTypeInfo == typeof(MetadataController)))
        {
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }

        AllowHead(endpoint);
    });

    /// <summary>Makes an endpoint answer to HEAD as it does to GET. The web server sends the headers and no body.</summary>
    public static void AllowHead(EndpointBuilder endpoint)
    {
        // The last counts.
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
        {
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }

    /// <summary>Adds what holds for every request of the protocol: its root, its batch, its ids, its headers and its errors.</summary>
    public static void UseODataProtocol(this WebApplication app)
    {
        app.UseODataRoots();
        app.UseODataBatch();
        app.UseRequestIds();
        app.UseODataHeaders();
        app.UseErrors();
    }

    private static void AddWriter(IServiceCollection services)
    {
        services.AddSingleton<ODataResourceSerializer, KeySetSerializer>();
        services.AddSingleton<ODataResourceSetSerializer, PageSerializer>();
        // What is written comes from typed objects, and the validation would refuse how the serializer writes type names.
        services.AddScoped(_ => new ODataMessageWriterSettings { Validations = ValidationKinds.None, EnableMessageStreamDisposal = false });
    }

    private static void Steady(FormatterCollection<IOutputFormatter> formatters)
    {
        for (int index = 0; index < formatters.Count; index++)
        {
            if (formatters[index] is ODataOutputFormatter formatter)
            {
                formatters[index] = new SteadyFormatter(formatter);
            }
        }
    }
}
