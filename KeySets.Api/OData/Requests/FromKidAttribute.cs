using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OData.Abstracts;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

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
        string kid = KeyAddress.Decode(encoded) ?? throw Refusal.NoResource();
        IODataFeature request = bindingContext.HttpContext.ODataFeature();
        // The answer's context URL is made from the path.
        request.Path = new ODataPath(request.Path.Select(segment => WithKid(segment, kid)));
        bindingContext.Result = ModelBindingResult.Success(kid);
        return Task.CompletedTask;
    }

    private static ODataPathSegment WithKid(ODataPathSegment segment, string kid) => segment is KeySegment key
        && key.EdmType.FullTypeName() == KeySetsEdmModel.KeyV2Type
        ? new KeySegment(
            [KeyValuePair.Create(key.Keys.Single().Key, (object)kid)],
            key.EdmType as IEdmEntityType,
            key.NavigationSource)
        : segment;
}
