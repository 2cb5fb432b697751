using System.Reflection;
using System.Text.Json;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The property of a key that a URL addresses, or its number of elements (OData URL Conventions section 4.6).
/// </summary>
public sealed class KeyProperty
{
    private readonly PropertyInfo _member;
    private readonly ODataPathSegment _last;

    private KeyProperty(PropertyInfo member, ODataPathSegment last) => (_member, _last) = (member, last);

    /// <summary>The property that the URL of a request addresses.</summary>
    /// <exception cref="RefusalException">
    /// 400: the property is private; 501: the request has query options for a collection.
    /// </exception>
    public static KeyProperty Of(HttpRequest request)
    {
        ODataPath path = request.ODataFeature().Path;
        IEdmStructuralProperty property = path.OfType<PropertySegment>().Last().Property;
        ExpressionRules.RefusePrivate(property, property.Name);
        if (property.Type.IsCollection())
        {
            SystemQueryOptions.RefuseAll(request);
        }

        string name =
            request.GetModel().GetAnnotationValue<ClrPropertyInfoAnnotation>(property).ClrPropertyInfo.Name;
        return new KeyProperty(typeof(TrustFrameworkKeyV2).GetProperty(name)!, path.LastSegment);
    }

    /// <summary>The value for a key.</summary>
    public object? ValueOf(TrustFrameworkKeyV2 key) => (_last, _member.GetValue(key)) switch
    {
        (CountSegment, IList<string> elements) => (long)elements.Count,
        // As text, ASP.NET Core OData would write the name that the member has in C#.
        (ValueSegment, TrustFrameworkKeyStatus status) => JsonNamingPolicy.CamelCase.ConvertName($"{status}"),
        (_, var value) => value,
    };
}
