using System.Linq.Expressions;
using KeySets.Api.Data;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>
/// The functions of text as OData has them (URL Conventions section 5.1.1.5), where the library makes expressions that EF takes for
/// something else.
/// </summary>
/// <param name="aliases">What the parameter aliases of the request stand for.</param>
public abstract class TextFunctions(IDictionary<string, SingleValueNode> aliases) : FilterBinder
{
    // What EF makes of a plain Trim takes off spaces only.
    private static readonly char[] WhiteSpace =
        [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(number => (char)number).Where(char.IsWhiteSpace)];

    /// <inheritdoc />
    public override Expression Bind(QueryNode node, QueryBinderContext context) =>
        node is ParameterAliasNode alias ? base.Bind(Meant(alias), context) : base.Bind(node, context);

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
            ? NullIfAnyIsNull(Members(node).DistinctBy(Name).Select(member => Bind(member, context)), result)
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

    /// <summary>The members that an expression is null without.</summary>
    /// <remarks>Looked for down to the leaves: to ask each function within a function, too, would write it twice at every level.</remarks>
    private IEnumerable<SingleValuePropertyAccessNode> Members(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode member => [member],
        SingleValueFunctionCallNode call => call.Parameters.SelectMany(Members),
        ConvertNode convert => Members(convert.Source),
        ParameterAliasNode alias => Members(Meant(alias)),
        _ => [],
    };

    private static (string? Variable, string Property) Name(SingleValuePropertyAccessNode member) =>
        ((member.Source as ResourceRangeVariableReferenceNode)?.Name, member.Property.Name);

    /// <summary>What an alias stands for.</summary>
    protected SingleValueNode Meant(ParameterAliasNode alias) => aliases.TryGetValue(alias.Alias, out SingleValueNode? value) && value is not null
        ? value
        : new ConstantNode(null);

    private static Expression NullIfAnyIsNull(IEnumerable<Expression> members, Expression result)
    {
        Type type = result.Type == typeof(bool) ? typeof(bool?) : result.Type;
        ConstantExpression none = Expression.Constant(null, type);
        return members.Aggregate(
            (Expression)Expression.Convert(result, type),
            (value, member) => Expression.Condition(Expression.Equal(member, Expression.Constant(null, member.Type)), none, value));
    }
}
