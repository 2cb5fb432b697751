using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeySets.Api.OData.Requests;

/// <summary>Binds a parameter of an action to the kid in the URL of a key: routes say <c>keys_v2({kid})</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromKidAttribute : ModelBinderAttribute<KidBinder>;

/// <summary>Decodes the kid of the route.</summary>
public sealed class KidBinder : IModelBinder
{
    /// <inheritdoc />
    /// <exception cref="RefusalException">
    /// 404: the route matches, but the URL is in no form that a key can have.
    /// </exception>
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        string encoded = $"{bindingContext.ActionContext.RouteData.Values[bindingContext.FieldName]}".Trim('\'');
        bindingContext.Result = ModelBindingResult.Success(KeyAddress.Decode(encoded) ?? throw Refusal.NoResource());
        return Task.CompletedTask;
    }
}
