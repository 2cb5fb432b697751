using KeySets.Model;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace KeySets.Api.OData;

/// <summary>
/// Serves every action of the sets that the singleton contains in the entity set too: what has a route below
/// <c>/trustFramework/keySets</c> has one below <c>/keySets</c>.
/// </summary>
/// <remarks>
/// Runs before ASP.NET Core OData turns the routes into OData paths, which have contexts of their own.
/// </remarks>
public sealed class EntitySetRoutes : IApplicationModelProvider
{
    private const string Singleton = "trustFramework/";

    /// <inheritdoc />
    public int Order => 0;

    /// <inheritdoc />
    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
        foreach (ActionModel action in context.Result.Controllers.SelectMany(controller => controller.Actions))
        {
            foreach (SelectorModel contained in action.Selectors.Where(IsContained).ToArray())
            {
                SelectorModel selector = new(contained);
                selector.AttributeRouteModel!.Template = selector.AttributeRouteModel.Template![Singleton.Length..];
                action.Selectors.Add(selector);
            }
        }
    }

    /// <inheritdoc />
    public void OnProvidersExecuted(ApplicationModelProviderContext context)
    {
    }

    private static bool IsContained(SelectorModel selector) => selector.AttributeRouteModel?.Template?.StartsWith(
        Singleton + KeySetsEdmModel.KeySets, StringComparison.Ordinal) is true;
}
