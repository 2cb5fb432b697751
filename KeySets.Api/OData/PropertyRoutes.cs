using System.Text.RegularExpressions;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData;

/// <summary>
/// Gives an action whose template has the name of a type in brackets, such as <c>…/[trustFrameworkKey]</c>, a route for
/// each structural property of the type. The templates of ASP.NET Core OData name one property each.
/// </summary>
public sealed partial class PropertyRoutes(IEdmModel model) : IApplicationModelProvider
{
    /// <summary>
    /// After MVC, which finds the actions, and before ASP.NET Core OData, which reads their templates.
    /// </summary>
    public int Order => 0;

    /// <inheritdoc />
    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
        foreach (IList<SelectorModel> routes in context.Result.Controllers
            .SelectMany(controller => controller.Actions)
            .Select(action => action.Selectors))
        {
            foreach (SelectorModel route in routes.Where(HasType).ToArray())
            {
                routes.Remove(route);
                foreach (string template in Templates(route.AttributeRouteModel!.Template!))
                {
                    SelectorModel added = new(route);
                    added.AttributeRouteModel!.Template = template;
                    routes.Add(added);
                }
            }
        }
    }

    /// <inheritdoc />
    public void OnProvidersExecuted(ApplicationModelProviderContext context)
    {
    }

    private IEnumerable<string> Templates(string template)
    {
        Match name = TypeName().Match(template);
        bool isValue = template.EndsWith("/$value", StringComparison.Ordinal);
        IEdmSchemaType type =
            model.FindDeclaredType($"{KeySetsEdmModel.Namespace}.{name.Groups["type"].Value}");
        return ((IEdmStructuredType)type).StructuralProperties()
            // A collection has no raw value (OData URL Conventions section 4.7).
            .Where(property => !isValue || !property.Type.IsCollection())
            .Select(property => template.Replace(name.Value, property.Name, StringComparison.Ordinal));
    }

    private static bool HasType(SelectorModel route) =>
        route.AttributeRouteModel?.Template is { } template && TypeName().IsMatch(template);

    [GeneratedRegex(@"\[(?<type>\w+)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeName();
}
