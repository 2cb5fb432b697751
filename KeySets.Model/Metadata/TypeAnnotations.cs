using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;

namespace KeySets.Model.Metadata;

/// <summary>Annotates members with the values that they can have.</summary>
internal static class TypeAnnotations
{
    /// <summary>
    /// The qualifier of annotations that hold only for keys of type RSA and oct. Keys of other types are kept as they
    /// are: without the qualifier the annotations would be untrue, and a generated proxy that made an enumeration of
    /// the allowed values could not read such keys.
    /// </summary>
    private const string CheckedKeys = "checkedKeys";

    /// <summary>Annotates the members of keys and key sets.</summary>
    public static void Annotate(
        Annotator annotator,
        IEdmStructuredType key,
        IEdmStructuredType keyV2,
        IEdmStructuredType keySet,
        IEdmStructuredType trustFramework)
    {
        IEdmProperty[] collections =
            [trustFramework.FindProperty("keySets"), keySet.FindProperty("keys"), keySet.FindProperty("keys_v2")];
        foreach (IEdmProperty collection in collections)
        {
            annotator.Annotate(collection, "Capabilities.CountRestrictions", Record(("Countable", True)));
        }

        IEdmProperty id = keySet.FindProperty("id");
        // Redundant, as a key never changes and the term is meant for other properties, but not every generator knows.
        annotator.Annotate(id, "Core.Immutable", True);
        annotator.Annotate(id, "Core.ComputedDefaultValue", True);
        annotator.Annotate(id, "Validation.Pattern", Text($"^[A-Za-z0-9._-]{{1,{Limits.IdLength}}}$"));
        annotator.Annotate(keySet.FindProperty("keys"), "Validation.MaxItems", Number(Limits.KeysOfSet));
        annotator.Annotate(
            keySet.FindProperty("keys"),
            "Core.LongDescription",
            Text("A change replaces the keys as a whole. A key that is sent back as it was read, with the same kid, "
                + "kty, n and e, keeps its private members. A key whose kid was disabled stays disabled. To add a key, "
                + "POST it to /keys."));

        annotator.Annotate(keyV2.FindProperty("kid"), "Core.Immutable", True);
        foreach (IEdmStructuredType type in (IEdmStructuredType[])[key, keyV2])
        {
            AnnotateKey(annotator, type);
        }
    }

    private static void AnnotateKey(Annotator annotator, IEdmStructuredType key)
    {
        annotator.Annotate(
            (IEdmSchemaType)key,
            "Core.LongDescription",
            Text($"Annotations with the qualifier {CheckedKeys} hold for keys whose kty is RSA or oct; in kty itself "
                + "the letters can have any case. A key of any other kty is kept as it is."));
        annotator.Annotate(key.FindProperty("kty"), "Validation.AllowedValues", Values("RSA", "oct"), CheckedKeys);
        annotator.Annotate(key.FindProperty("use"), "Validation.AllowedValues", Values("sig", "enc"), CheckedKeys);
        annotator.Annotate(key.FindProperty("exp"), "Validation.Minimum", Number(0), CheckedKeys);
        annotator.Annotate(key.FindProperty("nbf"), "Validation.Minimum", Number(0), CheckedKeys);
    }

    private static IEdmExpression Values(params IEnumerable<string> values) =>
        List(values.Select(value => Record(("Value", Text(value)))));
}
