using System.Linq.Expressions;
using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The text functions as OData defines them (URL Conventions section 5.1.1.5). EF Core misreads some of the expressions
/// that ASP.NET Core OData makes for them.
/// </summary>
public abstract class TextFunctions : FilterBinder
{
    // EF Core translates Trim without arguments to a function that removes only spaces.
    private static readonly char[] WhiteSpace =
        [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(number => (char)number).Where(char.IsWhiteSpace)];

    /// <remarks>
    /// Makes the database compute with literals as with stored values. EF Core would evaluate an expression of literals
    /// in .NET, which counts the 16-bit units of a text; the database counts its characters.
    /// </remarks>
    public override Expression BindConstantNode(ConstantNode constantNode, QueryBinderContext context)
    {
        Expression value = base.BindConstantNode(constantNode, context);
        return value is ConstantExpression ? value : KeySetReads.AsParameter(value);
    }

    /// <remarks>
    /// A function of null is null (OData URL Conventions section 5.1.1.4), neither true nor false. In EF Core, a null
    /// text contains nothing, and is empty in a concatenation.
    /// </remarks>
    public override Expression BindSingleValueFunctionCallNode(
        SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression result = base.BindSingleValueFunctionCallNode(node, context);
        return node.Name is "concat" or "contains" or "endswith" or "startswith"
            ? NullIfAnyIsNull(
                Members(node)
                    .Where(member => !IsIndexed(member))
                    .DistinctBy(member => member.Property.Name)
                    .Select(member => Bind(member, context)),
                result)
            : result;
    }

    /// <remarks>
    /// EF Core would translate StartsWith to LIKE, and LIKE ignores case on some databases. For a member that has an
    /// index, the beginning becomes a range: the database finds it in the index.
    /// </remarks>
    protected override Expression BindStartsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        if (node.Parameters.Select(WithoutConversion).ToArray()
                is [SingleValuePropertyAccessNode member, ConstantNode { Value: string prefix }]
            && IsIndexed(member)
            && PrefixRange.EndOf(prefix) is { } end)
        {
            Expression text = Bind(member, context);
            return Expression.AndAlso(
                Compare(ExpressionType.GreaterThanOrEqual, text, Bind(new ConstantNode(prefix), context)),
                Compare(ExpressionType.LessThan, text, Bind(new ConstantNode(end), context)));
        }

        Expression[] arguments = BindArguments(node.Parameters, context);
        return Expression.Equal(
            Expression.Call(arguments[0], nameof(string.IndexOf), [], arguments[1]), Expression.Constant(0));
    }

    /// <inheritdoc cref="BindStartsWith" />
    protected override Expression BindEndsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression[] arguments = BindArguments(node.Parameters, context);
        MemberExpression whole = Expression.Property(arguments[0], nameof(string.Length));
        MemberExpression part = Expression.Property(arguments[1], nameof(string.Length));
        return Expression.AndAlso(
            Expression.GreaterThanOrEqual(whole, part),
            Expression.Equal(
                Expression.Call(arguments[0], nameof(string.Substring), [], Expression.Subtract(whole, part)),
                arguments[1]));
    }

    /// <remarks>EF Core trims only a text whose type in the database it knows. It knows none of parameters.</remarks>
    protected override Expression BindTrim(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression text = Bind(node.Parameters.Single(), context);
        return Expression.Call(
            Members(node).Any() ? text : Expression.Coalesce(text, Expression.Constant("")),
            nameof(string.Trim),
            [],
            Expression.Constant(WhiteSpace));
    }

    /// <inheritdoc />
    protected override Expression BindToLower(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(TextCase.LowerMethod, Bind(node.Parameters.Single(), context));

    /// <inheritdoc />
    protected override Expression BindToUpper(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(TextCase.UpperMethod, Bind(node.Parameters.Single(), context));

    /// <summary>The members that make an expression null if they are null.</summary>
    /// <remarks>
    /// Searches down to the leaves: if nested functions were checked too, each level would write its argument twice. A
    /// name identifies a member: a set and its keys share none, and no expression is about two keys at once.
    /// </remarks>
    private static IEnumerable<SingleValuePropertyAccessNode> Members(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode member => [member],
        SingleValueFunctionCallNode call => call.Parameters.SelectMany(Members),
        ConvertNode convert => Members(convert.Source),
        _ => [],
    };

    private static QueryNode WithoutConversion(QueryNode node) =>
        node is ConvertNode convert ? WithoutConversion(convert.Source) : node;

    /// <summary>Whether a member has an index of its own. It is then never null.</summary>
    private static bool IsIndexed(SingleValuePropertyAccessNode member) => member.Property.Name is "id" or "kid";

    private static BinaryExpression Compare(ExpressionType comparison, Expression text, Expression bound) =>
        Expression.MakeBinary(
            comparison,
            Expression.Call(typeof(string), nameof(string.Compare), [], text, bound),
            Expression.Constant(0));

    private static Expression NullIfAnyIsNull(IEnumerable<Expression> members, Expression result)
    {
        Type type = result.Type == typeof(bool) ? typeof(bool?) : result.Type;
        ConstantExpression none = Expression.Constant(null, type);
        return members.Aggregate(
            (Expression)Expression.Convert(result, type),
            (value, member) => Expression.Condition(
                Expression.Equal(member, Expression.Constant(null, member.Type)), none, value));
    }
}
