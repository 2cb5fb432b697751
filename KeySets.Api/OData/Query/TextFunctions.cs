using System.Linq.Expressions;
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
    /// A function of null is null (OData URL Conventions section 5.1.1.4), which is neither true nor false. For EF a text that is null contains
    /// nothing, and is empty where another is joined to it.
    /// </remarks>
    public override Expression BindSingleValueFunctionCallNode(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        Expression result = base.BindSingleValueFunctionCallNode(node, context);
        return node.Name is "concat" or "contains" or "endswith" or "startswith"
            ? NullIfAnyIsNull(Members(node).Select(member => Bind(member, context)), result)
            : result;
    }

    /// <remarks>EF would make LIKE of it, for which SQLite takes A and a for the same.</remarks>
    protected override Expression BindStartsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        (Expression text, Expression start, _) = Arguments(node, context);
        return Expression.Equal(Expression.Call(text, nameof(string.IndexOf), [], start), Expression.Constant(0));
    }

    /// <inheritdoc cref="BindStartsWith" />
    protected override Expression BindEndsWith(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        (Expression text, Expression end, Expression length) = Arguments(node, context);
        MemberExpression whole = Expression.Property(text, nameof(string.Length));
        return Expression.AndAlso(
            Expression.GreaterThanOrEqual(whole, length),
            Expression.Equal(Expression.Call(text, nameof(string.Substring), [], Expression.Subtract(whole, length)), end));
    }

    /// <inheritdoc />
    protected override Expression BindTrim(SingleValueFunctionCallNode node, QueryBinderContext context) =>
        Expression.Call(Bind(node.Parameters.Single(), context), nameof(string.Trim), [], Expression.Constant(WhiteSpace));

    /// <remarks>The database counts characters, .NET counts the 16-bit units of a literal: a key emoji is one and two.</remarks>
    private (Expression Text, Expression Part, Expression PartLength) Arguments(SingleValueFunctionCallNode node, QueryBinderContext context)
    {
        QueryNode[] parameters = [.. node.Parameters];
        Expression part = Bind(parameters[1], context);
        Expression length = parameters[1] is ConstantNode { Value: string literal }
            ? Expression.Constant(literal.EnumerateRunes().Count())
            : Expression.Property(part, nameof(string.Length));
        return (Bind(parameters[0], context), part, length);
    }

    /// <summary>The members that an expression is null without.</summary>
    /// <remarks>Looked for down to the leaves: to ask each function within a function, too, would write it twice at every level.</remarks>
    private IEnumerable<QueryNode> Members(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode => [node],
        SingleValueFunctionCallNode call => call.Parameters.SelectMany(Members),
        ConvertNode convert => Members(convert.Source),
        ParameterAliasNode alias => Members(Meant(alias)),
        _ => [],
    };

    private SingleValueNode Meant(ParameterAliasNode alias) => aliases.TryGetValue(alias.Alias, out SingleValueNode? value) && value is not null
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
