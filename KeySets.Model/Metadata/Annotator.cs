using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;

namespace KeySets.Model.Metadata;

/// <summary>
/// Annotates a model with terms of the OData vocabularies. Terms are named as in <c>/$metadata</c>:
/// <c>Core.Description</c>.
/// </summary>
internal sealed class Annotator
{
    private const string RepeatabilityVocabulary = "Org.OData.Repeatability.V1";

    private static readonly (string Alias, string Namespace)[] Vocabularies =
    [
        ("Authorization", "Org.OData.Authorization.V1"),
        ("Capabilities", "Org.OData.Capabilities.V1"),
        ("Core", "Org.OData.Core.V1"),
        ("Repeatability", RepeatabilityVocabulary),
        ("Validation", "Org.OData.Validation.V1"),
    ];

    /// <summary>Prepares a model: adds the vocabularies with their URLs (OData CSDL section 3.3).</summary>
    public Annotator(EdmModel model)
    {
        Model = model;
        model.AddReferencedModel(RepeatabilityTerms(model));
        model.SetEdmReferences(Vocabularies.Select(Reference).ToArray());
        foreach ((string alias, string name) in Vocabularies)
        {
            model.SetNamespaceAlias(name, alias);
        }
    }

    /// <summary>The model.</summary>
    public EdmModel Model { get; }

    /// <summary>Describes an element in words.</summary>
    public void Describe(IEdmVocabularyAnnotatable target, string description) =>
        Annotate(target, "Core.Description", new EdmStringConstant(description));

    /// <summary>Annotates an element.</summary>
    /// <param name="target">The element.</param>
    /// <param name="term">The term, by the alias of its vocabulary and its name.</param>
    /// <param name="value">The value of the term.</param>
    /// <param name="qualifier">The qualifier of the annotation; null for none.</param>
    public void Annotate(IEdmVocabularyAnnotatable target, string term, IEdmExpression value, string? qualifier = null)
    {
        EdmVocabularyAnnotation annotation = new(target, Model.FindTerm(QualifiedName(term)), qualifier, value);
        annotation.SetSerializationLocation(Model, EdmVocabularyAnnotationSerializationLocation.Inline);
        Model.SetVocabularyAnnotation(annotation);
    }

    /// <summary>The members of a type that are annotated with a term.</summary>
    public IEnumerable<IEdmProperty> Annotated(IEdmStructuredType type, string term) =>
        type.DeclaredProperties.Where(
            member => Model.FindVocabularyAnnotations<IEdmVocabularyAnnotation>(member, QualifiedName(term)).Any());

    /// <summary>Members of an enumeration of a vocabulary.</summary>
    public IEdmExpression Members(string type, params string[] names)
    {
        IEdmEnumType enumeration = (IEdmEnumType)Model.FindType(QualifiedName(type));
        return new EdmEnumMemberExpression(
            [.. names.Select(name => enumeration.Members.Single(member => member.Name == name))]);
    }

    /// <summary>
    /// A record whose type does not follow from its place in the annotation, such as one of several derived types.
    /// </summary>
    public IEdmExpression Record(string type, params (string Name, IEdmExpression Value)[] properties) =>
        new EdmRecordExpression(
            new EdmComplexTypeReference((IEdmComplexType)Model.FindType(QualifiedName(type)), isNullable: false),
            properties.Select(property => new EdmPropertyConstructor(property.Name, property.Value)));

    /// <remarks>ODataLib does not have this vocabulary.</remarks>
    private static EdmModel RepeatabilityTerms(EdmModel model)
    {
        EdmModel terms = new();
        IEdmTypeDefinition tag = (IEdmTypeDefinition)model.FindType("Org.OData.Core.V1.Tag");
        terms.AddElement(new EdmTerm(
            RepeatabilityVocabulary, "Supported", new EdmTypeDefinitionReference(tag, isNullable: false)));
        return terms;
    }

    private static string QualifiedName(string name)
    {
        string[] parts = name.Split('.');
        return $"{Vocabularies.Single(vocabulary => vocabulary.Alias == parts[0]).Namespace}.{parts[1]}";
    }

    private static EdmReference Reference((string Alias, string Namespace) vocabulary)
    {
        EdmReference reference =
            new(new Uri($"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{vocabulary.Namespace}.xml"));
        reference.AddInclude(new EdmInclude(vocabulary.Alias, vocabulary.Namespace));
        return reference;
    }
}
