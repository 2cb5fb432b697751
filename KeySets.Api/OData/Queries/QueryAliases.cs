using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>The values of the parameter aliases of a request.</summary>
/// <param name="values">The values by the names of the aliases, '@' included.</param>
public sealed class QueryAliases(IDictionary<string, SingleValueNode> values)
{
    /// <summary>No aliases.</summary>
    public static readonly QueryAliases None = new(new Dictionary<string, SingleValueNode>());

    /// <summary>The value of an alias; the constant null if it has none.</summary>
    public SingleValueNode Meaning(ParameterAliasNode alias) =>
        values.TryGetValue(alias.Alias, out SingleValueNode? value) && value is not null
            ? value
            : new ConstantNode(null);

    /// <summary>Whether a node is a literal, or an alias of one.</summary>
    public bool IsLiteral(QueryNode? node) => node switch
    {
        null or ConstantNode => true,
        ConvertNode convert => IsLiteral(convert.Source),
        ParameterAliasNode alias => IsLiteral(Meaning(alias)),
        _ => false,
    };
}
