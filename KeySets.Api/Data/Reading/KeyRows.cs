using System.Linq.Expressions;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Reading;

/// <summary>
/// The keys of a set within a query. EF Core reads the calls out of the expressions, so they are built as expressions.
/// </summary>
public static class KeyRows
{
    private static readonly Expression<Func<TrustFrameworkKey, int>> OrdinalOf =
        key => EF.Property<int>(key, KeySetsDbContext.Ordinal);

    private static readonly Ordering<TrustFrameworkKey> ByOrdinal =
        new(key => EF.Property<int>(key, KeySetsDbContext.Ordinal));

    /// <summary>
    /// The columns that reads need. The entity has more: what is sealed, which is the largest of all, and what is
    /// written beside what is read.
    /// </summary>
    public static readonly Expression<Func<TrustFrameworkKey, TrustFrameworkKey>> Public = key => new TrustFrameworkKey
    {
        X5c = key.X5c,
        X5t = key.X5t,
        Kty = key.Kty,
        Use = key.Use,
        Exp = key.Exp,
        Nbf = key.Nbf,
        Kid = key.Kid,
        E = key.E,
        N = key.N,
        Status = key.Status,
    };

    /// <summary>The keys of a set that a query wants, in its order.</summary>
    public static Expression Of(ParameterExpression set, KeyQuery query) =>
        Call<TrustFrameworkKey>(nameof(Enumerable.Select), Ordered(set, query), Public);

    /// <summary>All keys of a set, in the order of a query, and whether the query wants them.</summary>
    /// <remarks>All keys come, once: a join of all keys with the entities would multiply their numbers.</remarks>
    public static Expression OfEntities(ParameterExpression set, KeyQuery query)
    {
        ParameterExpression key = Expression.Parameter(typeof(TrustFrameworkKey));
        // The condition starts with one that always holds: EF Core would turn CASE WHEN NOT a THEN 1 ELSE 0 around, and
        // take a key for which a is null.
        Expression isEntity = query.Filters
            .Select(filter => (Expression)Expression.Invoke(filter, key))
            .Prepend(Expression.GreaterThanOrEqual(Expression.Invoke(OrdinalOf, key), Expression.Constant(0)))
            .Aggregate(Expression.AndAlso);
        LambdaExpression row = Expression.Lambda(
            Expression.New(
                typeof(KeyRow).GetConstructors().Single(),
                Expression.Invoke(Public, key),
                Expression.Invoke(OrdinalOf, key),
                Expression.Condition(isEntity, Expression.Constant(1), Expression.Constant(0))),
            key);
        return Call<KeyRow>(nameof(Enumerable.Select), Ordered(set, query with { Filters = [] }), row);
    }

    private static Expression Ordered(ParameterExpression set, KeyQuery query)
    {
        Expression keys = Expression.Property(set, nameof(TrustFrameworkKeySet.Keys));
        foreach (Expression<Func<TrustFrameworkKey, bool>> filter in query.Filters)
        {
            keys = Expression.Call(
                typeof(Enumerable), nameof(Enumerable.Where), [typeof(TrustFrameworkKey)], keys, filter);
        }

        string method = nameof(Enumerable.OrderBy);
        foreach (Ordering<TrustFrameworkKey> ordering in query.Orderings.Append(ByOrdinal))
        {
            keys = Call<object>(ordering.Descending ? $"{method}Descending" : method, keys, ordering.By);
            method = nameof(Enumerable.ThenBy);
        }

        return keys;
    }

    private static MethodCallExpression Call<TResult>(string method, Expression keys, LambdaExpression lambda) =>
        Expression.Call(typeof(Enumerable), method, [typeof(TrustFrameworkKey), typeof(TResult)], keys, lambda);
}
