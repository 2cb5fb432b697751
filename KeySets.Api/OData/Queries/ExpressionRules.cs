using System.Collections.Frozen;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The operators, functions and members that an expression may consist of. Every other one is refused: the database
/// could be unable to run it, or it could reveal a private member.
/// </summary>
public static class ExpressionRules
{
    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.Ordinal,
        "concat", "contains", "endswith", "indexof", "length", "startswith", "substring", "tolower", "toupper", "trim");

    /// <summary>The children of a node.</summary>
    /// <exception cref="RefusalException">501: the node is not supported; 400: it is a private member.</exception>
    public static IEnumerable<QueryNode?> Children(QueryNode? node, string target) => node switch
    {
        ConstantNode constant when IsInfinite(constant) => throw Refusal.UnsupportedExpression(target),
        CollectionConstantNode list when list.Collection.Any(IsInfinite) =>
            throw Refusal.UnsupportedExpression(target),
        // ODataLib takes JSON for text.
        ConstantNode { Value: string, LiteralText: not (null or ['\'', ..]) } =>
            throw Refusal.UnsupportedExpression(target),
        null or NonResourceRangeVariableReferenceNode or SearchTermNode or ConstantNode or CollectionConstantNode => [],
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Has } => throw Refusal.UnsupportedExpression(target),
        // The database has no decimals, and fails at some decimals of .NET.
        BinaryOperatorNode { OperatorKind: >= BinaryOperatorKind.Add and <= BinaryOperatorKind.Modulo } arithmetic
            when arithmetic.TypeReference?.IsIntegral() != true =>
            throw Refusal.UnsupportedExpression(target),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Divide or BinaryOperatorKind.Modulo } division =>
            [division.Left, Divisor(division, target)],
        BinaryOperatorNode { OperatorKind: not (BinaryOperatorKind.And or BinaryOperatorKind.Or) } comparison
            when IsOfConditions(comparison) =>
            throw Refusal.UnsupportedExpression(target),
        BinaryOperatorNode binary => [binary.Left, binary.Right],
        UnaryOperatorNode unary => [unary.Operand],
        ConvertNode convert => [convert.Source],
        InNode inList => [inList.Left, inList.Right],
        SingleValueFunctionCallNode { Name: "substring" } call => Substring([.. call.Parameters], target),
        SingleValueFunctionCallNode { Name: "cast" } call => Cast([.. call.Parameters], call.TypeReference, target),
        SingleValueFunctionCallNode call when Functions.Contains(call.Name) => call.Parameters,
        // ODataLib reads all() as it reads any().
        AllNode { CurrentRangeVariable: null } => throw Refusal.BadQueryOption(target),
        LambdaNode lambda => [lambda.Source, lambda.Body],
        CountNode { SearchClause: null } count => [count.Source, count.FilterClause?.Expression],
        SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access =>
            RefusePrivate(access.Property, target),
        CollectionPropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access =>
            RefusePrivate(access.Property, target),
        CollectionComplexNode { Source: ResourceRangeVariableReferenceNode } => [],
        CollectionNavigationNode { Source: ResourceRangeVariableReferenceNode, NavigationProperty.Name: "keys_v2" } =>
            [],
        _ => throw Refusal.UnsupportedExpression(target),
    };

    /// <summary>The children that must be conditions. ASP.NET Core OData cannot bind null in their place.</summary>
    public static IEnumerable<QueryNode> Conditions(QueryNode? node) => node switch
    {
        LambdaNode lambda => [lambda.Body],
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => [not.Operand],
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } both =>
            [both.Left, both.Right],
        _ => [],
    };

    /// <summary>Whether a node is null, whatever the database holds.</summary>
    public static bool IsNull(QueryNode? node) => node switch
    {
        null or ConstantNode { Value: null } => true,
        ConvertNode convert => IsNull(convert.Source),
        _ => false,
    };

    /// <summary>Whether a node is a literal.</summary>
    public static bool IsLiteral(QueryNode? node) => node switch
    {
        null or ConstantNode => true,
        ConvertNode convert => IsLiteral(convert.Source),
        _ => false,
    };

    /// <remarks>The database has no infinite numbers and no NaN.</remarks>
    private static bool IsInfinite(ConstantNode constant) => constant.Value switch
    {
        double number => !double.IsFinite(number),
        float number => !float.IsFinite(number),
        _ => false,
    };

    /// <remarks>
    /// Both sides are conditions, and neither is a literal: EF Core omits the parentheses that SQL needs for
    /// <c>a = b IN (c)</c>.
    /// </remarks>
    private static bool IsOfConditions(BinaryOperatorNode comparison) =>
        !IsLiteral(comparison.Left)
        && !IsLiteral(comparison.Right)
        && comparison.Left.TypeReference?.IsBoolean() == true;

    /// <remarks>
    /// The divisor must be a literal: division by zero must fail the request (OData URL Conventions section 5.1.1.2.5),
    /// but the database would return null.
    /// </remarks>
    private static SingleValueNode Divisor(BinaryOperatorNode division, string target) => Number(division.Right) switch
    {
        0 => throw Refusal.DivisionByZero(target),
        null => throw Refusal.UnsupportedExpression(target),
        _ => division.Right,
    };

    /// <remarks>
    /// Start and length must be literals, since computed ones can be negative. OData counts a negative start from the
    /// end, if the service supports it, and fails the request for a negative length. The database has its own rules.
    /// </remarks>
    private static QueryNode[] Substring(QueryNode[] parameters, string target)
    {
        if (parameters.Length == 3 && Number(parameters[2]) < 0)
        {
            throw Refusal.NegativeLength(target);
        }

        return parameters.Skip(1).All(place => Number(place) >= 0)
            ? parameters
            : throw Refusal.UnsupportedExpression(target);
    }

    /// <remarks>Clients write casts where their own language has them. Others can fail on some values.</remarks>
    private static QueryNode[] Cast(QueryNode[] parameters, IEdmTypeReference type, string target) =>
        parameters is [SingleValueNode value, ConstantNode]
        && ((type.IsString() && (value.TypeReference?.IsString() == true || value.TypeReference?.IsIntegral() == true))
            || (type.IsInt64() && value.TypeReference?.IsIntegral() == true))
            ? [value]
            : throw Refusal.UnsupportedExpression(target);

    /// <returns>The number of a literal; null if the node is anything else.</returns>
    private static long? Number(QueryNode? node) => node switch
    {
        ConstantNode { Value: int number } => number,
        ConstantNode { Value: long number } => number,
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate } negated => -Number(negated.Operand),
        ConvertNode convert => Number(convert.Source),
        _ => null,
    };

    /// <summary>Refuses a private member.</summary>
    /// <returns>No children: a property belongs to a variable, which is not a value by itself.</returns>
    /// <exception cref="RefusalException">400: the property is private.</exception>
    public static QueryNode[] RefusePrivate(IEdmProperty property, string target) =>
        property.DeclaringType.FullTypeName() is KeySetsEdmModel.KeyType or KeySetsEdmModel.KeyV2Type
        && PrivateMembers.Names.Contains(property.Name)
            ? throw Refusal.PrivateMemberInQuery(target)
            : [];
}
