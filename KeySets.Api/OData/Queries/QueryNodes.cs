using System.Collections.Frozen;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// What an expression is made of, as far as it is offered. Whatever is not named here is refused, so that nothing reaches the database
/// that it cannot run, and nothing that could tell a private member.
/// </summary>
/// <param name="aliases">What the parameter aliases of the request stand for.</param>
public sealed class QueryNodes(QueryAliases aliases)
{
    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.Ordinal,
        "concat", "contains", "endswith", "indexof", "length", "startswith", "tolower", "toupper", "trim");

    /// <summary>What a node is made of.</summary>
    /// <exception cref="RefusalException">501: the node is not offered; 400: it is a private member.</exception>
    public IEnumerable<QueryNode?> Children(QueryNode? node, string target) => node switch
    {
        // The database has no such numbers.
        ConstantNode { Value: double number } when !double.IsFinite(number) => throw Refusal.UnsupportedExpression(target),
        ConstantNode { Value: float number } when !float.IsFinite(number) => throw Refusal.UnsupportedExpression(target),
        null or NonResourceRangeVariableReferenceNode or SearchTermNode or ConstantNode => [],
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Has } => throw Refusal.UnsupportedExpression(target),
        // The database has no decimals, and fails at some that .NET has.
        BinaryOperatorNode { OperatorKind: >= BinaryOperatorKind.Add and <= BinaryOperatorKind.Modulo } arithmetic when arithmetic.TypeReference?.IsIntegral() != true =>
            throw Refusal.UnsupportedExpression(target),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Divide or BinaryOperatorKind.Modulo } division => [division.Left, Divisor(division, target)],
        BinaryOperatorNode { OperatorKind: not (BinaryOperatorKind.And or BinaryOperatorKind.Or) } comparison when IsOfConditions(comparison) =>
            throw Refusal.UnsupportedExpression(target),
        BinaryOperatorNode binary => [binary.Left, binary.Right],
        UnaryOperatorNode unary => [unary.Operand],
        ConvertNode convert => [convert.Source],
        InNode inList => [inList.Left, inList.Right],
        CollectionConstantNode list => list.Collection,
        SingleValueFunctionCallNode { Name: "substring" } call => Substring([.. call.Parameters], target),
        SingleValueFunctionCallNode call when Functions.Contains(call.Name) => call.Parameters,
        ParameterAliasNode alias => [aliases.Meaning(alias)],
        LambdaNode lambda => [lambda.Source, lambda.Body],
        // The library takes what its filter is about for the set.
        CountNode { Source: CollectionNavigationNode, FilterClause: not null } => throw Refusal.UnsupportedExpression(target),
        CountNode { SearchClause: null } count => [count.Source, count.FilterClause?.Expression],
        SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access => RefusePrivate(access.Property, target),
        CollectionPropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access => RefusePrivate(access.Property, target),
        CollectionComplexNode { Source: ResourceRangeVariableReferenceNode } => [],
        CollectionNavigationNode { Source: ResourceRangeVariableReferenceNode, NavigationProperty.Name: "keys_v2" } => [],
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
        ParameterAliasNode alias => IsNull(aliases.Meaning(alias)),
        _ => false,
    };

    /// <remarks>Two conditions, neither of which is a literal: EF writes them beside each other without the parentheses that SQL needs for <c>a = b IN (c)</c>.</remarks>
    private bool IsOfConditions(BinaryOperatorNode comparison) =>
        !aliases.IsLiteral(comparison.Left) && !aliases.IsLiteral(comparison.Right) && comparison.Left.TypeReference?.IsBoolean() == true;

    /// <remarks>Division by zero fails the request (OData URL Conventions section 5.1.1.2.5). The database would go on with null.</remarks>
    private SingleValueNode Divisor(BinaryOperatorNode division, string target) => Number(division.Right) switch
    {
        0 => throw Refusal.DivisionByZero(target),
        null => throw Refusal.UnsupportedExpression(target),
        _ => division.Right,
    };

    /// <remarks>
    /// OData counts a negative start from the end, if it is supported, and fails the request for a negative length. The database has rules
    /// of its own for both, and what is computed can be negative.
    /// </remarks>
    private QueryNode[] Substring(QueryNode[] parameters, string target)
    {
        if (parameters.Length == 3 && Number(parameters[2]) < 0)
        {
            throw Refusal.NegativeLength(target);
        }

        return parameters.Skip(1).All(place => Number(place) >= 0) ? parameters : throw Refusal.UnsupportedExpression(target);
    }

    /// <returns>The number that a literal stands for; null where the node is something else.</returns>
    private long? Number(QueryNode? node) => node switch
    {
        ConstantNode { Value: int number } => number,
        ConstantNode { Value: long number } => number,
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate } negated => -Number(negated.Operand),
        ConvertNode convert => Number(convert.Source),
        ParameterAliasNode alias => Number(aliases.Meaning(alias)),
        _ => null,
    };

    /// <summary>Refuses a private member.</summary>
    /// <returns>No children: a property belongs to a variable, which is not a value by itself.</returns>
    /// <exception cref="RefusalException">400: it is one.</exception>
    public static QueryNode[] RefusePrivate(IEdmProperty property, string target) =>
        property.DeclaringType.FullTypeName() is KeySetsEdmModel.KeyType or KeySetsEdmModel.KeyV2Type && PrivateMembers.Names.Contains(property.Name)
            ? throw Refusal.PrivateMemberInQuery(target)
            : [];
}
