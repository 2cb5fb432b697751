using System.Linq.Expressions;
using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The functions of text as OData has them (URL Conventions section 5.1.1.5), where the library makes expressions that EF takes for
/// something else.
/// </summary>
/// <param name="aliases">What the parameter aliases of the request stand for.</param>
public abstract class TextFunctions(QueryAliases aliases) : FilterBinder
{
    // What EF makes of a plain Trim takes off spaces only.
    private static readonly char[] WhiteSpace =
        [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(number => (char)number).Where(char.IsWhiteSpace)];

    /// <summary>What the parameter aliases of the request stand for.</summary>
    protected QueryAliases Aliases { get; } = aliases;

    /// <inheritdoc />
    public override Expression Bind(QueryNode node, QueryBinderContext context) =>
        node is ParameterAliasNode alias ? base.Bind(Aliases.Meaning(alias), context) : base.Bind(node, context);

    /// <remarks>
    /// The database computes with it as it does with what is stored. EF would compute what is made of literals alone by itself, and .NET
    /// counts the 16-bit units of a text where the database counts its characters.
    /// </remarks>
    public override Expression BindConstantNode(ConstantNode constantNode, QueryBinderContext context)
    {
        Expression value = base.BindConstantNode(constantNode, context);
        return value is ConstantExpression ? value : KeySetQueries.AsParameter(value);
    }

    /// <remarks>
    /// A function of null is null (OData URL Conventions section 5.1.1.4), which is neither true nor false. For EF a text that is null contains
    /// nothing, and is empty where another is joined to it.
    /// </remarks>
    public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression result = base.BindSingleValueFunctionCallNode(node, context);
        return node.Name is "concat" or "contains" or "endswith" or "startswith"
            ? NullIfAnyIsNull(Members(node).DistinctBy(member => member.Property.Name).Select(member => Bind(member, context)), result)
            : result;
    }

    /// <remarks>EF would make LIKE of it, for which SQLite takes A and a for the same.</remarks>
    protected override Expression BindStartsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression[] arguments = BindArguments(node.Parameters, context);
        return Expression.Equal(Expression.Call(arguments[0], nameof(string.IndexOf), [], arguments[1]), Expression.Constant(0));
    }

    /// <inheritdoc cref="BindStartsWith" />
    protected override Expression BindEndsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression[] arguments = BindArguments(node.Parameters, context);
        MemberExpression whole = Expression.Property(arguments[0], nameof(string.Length));
        MemberExpression part = Expression.Property(arguments[1], nameof(string.Length));
        return Expression.AndAlso(
            Expression.GreaterThanOrEqual(whole, part),
            Expression.Equal(Expression.Call(arguments[0], nameof(string.Substring), [], Expression.Subtract(whole, part)), arguments[1]));
    }

    /// <inheritdoc />
    protected override Expression BindTrim(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(Bind(node.Parameters.Single(), context), nameof(string.Trim), [], Expression.Constant(WhiteSpace));

    /// <inheritdoc />
    protected override Expression BindToLower(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(TextCase.LowerMethod, Bind(node.Parameters.Single(), context));

    /// <inheritdoc />
    protected override Expression BindToUpper(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(TextCase.UpperMethod, Bind(node.Parameters.Single(), context));

    /// <summary>The members that an expression is null without.</summary>
    /// <remarks>
    /// Looked for down to the leaves: to ask each function within a function, too, would write it twice at every level. Their names tell them
    /// apart: a set and its keys have none in common, and no expression is about two keys at a time.
    /// </remarks>
    private IEnumerable<SingleValuePropertyAccessNode> Members(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode member => [member],
        SingleValueFunctionCallNode call => call.Parameters.SelectMany(Members),
        ConvertNode convert => Members(convert.Source),
        ParameterAliasNode alias => Members(Aliases.Meaning(alias)),
        _ => [],
    };

    private static Expression NullIfAnyIsNull(IEnumerable<Expression> members, Expression result)
    {
        Type type = result.Type == typeof(bool) ? typeof(bool?) : result.Type;
        ConstantExpression none = Expression.Constant(null, type);
        return members.Aggregate(
            (Expression)Expression.Convert(result, type),
            (value, member) => Expression.Condition(Expression.Equal(member, Expression.Constant(null, member.Type)), none, value));
    }
}
