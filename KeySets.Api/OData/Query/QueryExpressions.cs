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
public sealed class QueryExpressions(IEdmModel model, IDictionary<string, SingleValueNode> aliases) : TextFunctions(aliases)
{
    private static readonly ODataQuerySettings Settings = new() { HandleNullPropagation = HandleNullPropagationOption.False };

    private static readonly Type[] Orderable = [typeof(string), typeof(int), typeof(int?), typeof(long), typeof(long?)];

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
            if (!Orderable.Contains(value.Type))
            {
                throw new NotSupportedException("The values that a collection is ordered by are text and whole numbers.");
            }

            orderings.Add(new Ordering<T>(
                Expression.Lambda<Func<T, object?>>(Expression.Convert(value, typeof(object)), context.CurrentParameter),
                clause.Direction == OrderByDirection.Descending));
        }

        return orderings;
    }

    /// <remarks>The database looks for one for which the body is false; what is null must be found too.</remarks>
    public override Expression BindAllNode(AllNode allNode, QueryBinderContext context) => base.BindAllNode(
        new AllNode(allNode.RangeVariables, allNode.CurrentRangeVariable)
        {
            Source = allNode.Source,
            Body = new BinaryOperatorNode(BinaryOperatorKind.Equal, allNode.Body, new ConstantNode(true)),
        },
        context);

    /// <remarks>There is no order of true and false in .NET. What is neither comes first.</remarks>
    private static Expression Comparable(Expression value)
    {
        if (value.Type != typeof(bool) && value.Type != typeof(bool?))
        {
            return value;
        }

        Expression isTrue = Expression.Equal(value, Expression.Constant(true, value.Type));
        Expression number = Expression.Condition(isTrue, Expression.Constant(1, typeof(int?)), Expression.Constant(0, typeof(int?)));
        return value.Type == typeof(bool)
            ? number
            : Expression.Condition(Expression.Equal(value, Expression.Constant(null, value.Type)), Expression.Constant(null, typeof(int?)), number);
    }
}
