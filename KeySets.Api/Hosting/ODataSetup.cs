using KeySets.Api.Keys;
using KeySets.Api.OData;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.OData;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the OData service.</summary>
public static class ODataSetup
{
    /// <summary>Adds the controllers and what the library needs to be told.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddODataService(this WebApplicationBuilder builder)
    {
        KeySetsOptions keySets = builder.Configuration.GetSection("KeySets").Get<KeySetsOptions>() ?? new KeySetsOptions();
        if (keySets.IdPrefix.Length > 0 && !KeySetId.IsValid(keySets.IdPrefix))
        {
            throw new StartupException("KeySets:IdPrefix has other characters than ids have: A-Z, a-z, 0-9, '.', '_' and '-'.");
        }

        builder.Services.AddSingleton(keySets);
        builder.Services.AddControllers(options =>
        {
            options.ReturnHttpNotAcceptable = true;
            options.Filters.Add<AcceptFilter>();
        }).AddOData(options => options.AddRouteComponents("", KeySetsEdmModel.Build(), services => services
            .AddSingleton<ODataResourceSerializer, KeySetSerializer>()
            // What is written comes from typed objects, and the validation would refuse how the serializer writes type names.
            .AddScoped(_ => new ODataMessageWriterSettings { Validations = ValidationKinds.None, EnableMessageStreamDisposal = false })));
        builder.Services.PostConfigure<MvcOptions>(options => PutMetadataFormatterFirst(options.OutputFormatters));
    }

    /// <summary>Maps the controllers. The service document and $metadata are for everybody.</summary>
    public static void MapODataService(this WebApplication app) => app.MapControllers().Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<ControllerActionDescriptor>().Any(action => action.ControllerTypeInfo == typeof(MetadataController)))
        {
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }
    });

    /// <remarks>
    /// The selector of MVC shows each formatter the content type that the one before it left in the context, and the library's
    /// first one narrows application/json to a type that its formatter for $metadata does not know: 406 for CSDL in JSON.
    /// </remarks>
    private static void PutMetadataFormatterFirst(FormatterCollection<IOutputFormatter> formatters)
    {
        IOutputFormatter metadata = formatters.OfType<ODataOutputFormatter>().First(formatter => formatter.SupportedMediaTypes.Contains("application/xml"));
        formatters.Remove(metadata);
        formatters.Insert(0, metadata);
    }
}
