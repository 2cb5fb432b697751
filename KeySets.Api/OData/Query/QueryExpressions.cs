using System.Linq.Expressions;
using KeySets.Api.Data;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>Makes expressions for the database of what the library has parsed.</summary>
/// <param name="model">The model that it was parsed with.</param>
/// <param name="aliases">What the parameter aliases of the request stand for.</param>
public sealed class QueryExpressions(IEdmModel model, IDictionary<string, SingleValueNode> aliases) : FilterBinder
{
    private static readonly ODataQuerySettings Settings = new() { HandleNullPropagation = HandleNullPropagationOption.False };

    /// <summary>The condition of a $filter; null where there is none.</summary>
    public Expression<Func<T, bool>>? Filter<T>(FilterClause? clause) =>
        clause is null ? null : (Expression<Func<T, bool>>)BindFilter(clause, new QueryBinderContext(model, Settings, typeof(T)));

    /// <summary>The orderings of an $orderby; none where there is none.</summary>
    public IReadOnlyList<Ordering<T>> Orderings<T>(OrderByClause? first)
    {
        List<Ordering<T>> orderings = [];
        for (OrderByClause? clause = first; clause is not null; clause = clause.ThenBy)
        {
            QueryBinderContext context = new(model, Settings, typeof(T));
            Expression value = Comparable(Bind(clause.Expression, context));
            if (value.Type != typeof(string) && value.Type != typeof(int) && value.Type != typeof(long) && value.Type != typeof(long?))
            {
                throw new NotSupportedException("The values that a collection is ordered by are text and whole numbers.");
            }

            orderings.Add(new Ordering<T>(
                Expression.Lambda<Func<T, object?>>(Expression.Convert(value, typeof(object)), context.CurrentParameter),
                clause.Direction == OrderByDirection.Descending));
        }

        return orderings;
    }

    /// <inheritdoc />
    public override Expression Bind(QueryNode node, QueryBinderContext context) =>
        node is ParameterAliasNode alias
            ? Bind(aliases.TryGetValue(alias.Alias, out SingleValueNode? value) && value is not null ? value : new ConstantNode(null), context)
            : base.Bind(node, context);

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

    /// <remarks>There is no order of true and false in .NET.</remarks>
    private static Expression Comparable(Expression value) => value.Type == typeof(bool) || value.Type == typeof(bool?)
        ? Expression.Condition(Expression.Equal(value, Expression.Constant(true, value.Type)), Expression.Constant(1), Expression.Constant(0))
        : value;

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
}
