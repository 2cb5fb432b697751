using System.Collections.Frozen;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>
/// What an expression is made of, as far as it is offered. Whatever is not named here is refused, so that nothing reaches the database
/// that it cannot run, and nothing that could tell a private member.
/// </summary>
/// <param name="aliases">What the parameter aliases of the request stand for.</param>
public sealed class QueryNodes(IDictionary<string, SingleValueNode> aliases)
{
    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.Ordinal,
        "concat", "contains", "endswith", "indexof", "length", "startswith", "substring", "tolower", "toupper", "trim");

    /// <summary>What a node is made of.</summary>
    /// <exception cref="RefusalException">501: the node is not offered; 400: it is a private member.</exception>
    public IEnumerable<QueryNode?> Children(QueryNode? node, string target) => node switch
    {
        null or NonResourceRangeVariableReferenceNode or SearchTermNode or ConstantNode => [],
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Has } => throw Refusal.UnsupportedExpression(target),
        // The database has no decimals, and fails at some that .NET has.
        BinaryOperatorNode { OperatorKind: >= BinaryOperatorKind.Add and <= BinaryOperatorKind.Modulo } arithmetic when !arithmetic.TypeReference.IsIntegral() =>
            throw Refusal.UnsupportedExpression(target),
        BinaryOperatorNode binary => [binary.Left, binary.Right],
        UnaryOperatorNode unary => [unary.Operand],
        ConvertNode convert => [convert.Source],
        InNode inList => [inList.Left, inList.Right],
        CollectionConstantNode list => list.Collection,
        SingleValueFunctionCallNode call when Functions.Contains(call.Name) => call.Parameters,
        ParameterAliasNode alias => [aliases.TryGetValue(alias.Alias, out SingleValueNode? value) ? value : null],
        LambdaNode lambda => [lambda.Source, lambda.Body],
        CountNode { SearchClause: null } count => [count.Source, count.FilterClause?.Expression],
        SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access => RefusePrivate(access.Property, target),
        CollectionPropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access => RefusePrivate(access.Property, target),
        CollectionComplexNode { Source: ResourceRangeVariableReferenceNode } => [],
        _ => throw Refusal.UnsupportedExpression(target),
    };

    /// <summary>What must be true or false. The library cannot bind null there.</summary>
    public static IEnumerable<QueryNode> Conditions(QueryNode? node) => node switch
    {
        LambdaNode lambda => [lambda.Body],
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => [not.Operand],
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } both => [both.Left, both.Right],
        _ => [],
    };

    /// <summary>Whether a node is null whatever is stored.</summary>
    public bool IsNull(QueryNode? node) => node switch
    {
        null or ConstantNode { Value: null } => true,
        ConvertNode convert => IsNull(convert.Source),
        ParameterAliasNode alias => IsNull(aliases.TryGetValue(alias.Alias, out SingleValueNode? value) ? value : null),
        _ => false,
    };

    /// <summary>Refuses a private member.</summary>
    /// <returns>No children: a property belongs to a variable, which is not a value by itself.</returns>
    /// <exception cref="RefusalException">400: it is one.</exception>
    public static QueryNode[] RefusePrivate(IEdmProperty property, string target) =>
        property.DeclaringType.FullTypeName() == KeySetsEdmModel.KeyType && PrivateMembers.Names.Contains(property.Name)
            ? throw Refusal.PrivateMemberInQuery(target)
            : [];
}
