using System.Linq.Expressions;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Reading;

/// <summary>
/// Finds sets by the kids of their keys. The database would ask each set whether it has such a key; the index of kids
/// names the few sets that do.
/// </summary>
public static class KidLookup
{
    private static readonly Expression<Func<TrustFrameworkKey, string>> SetOfKey =
        key => EF.Property<string>(key, KeySetsDbContext.KeySetId);

    /// <summary>
    /// The same condition, in which a set is one of those that have a key with the kid. Below a negation the condition
    /// stays as it is: most sets fulfil it.
    /// </summary>
    public static Expression<Func<TrustFrameworkKeySet, bool>> ByIndex(
        KeySetsDbContext context, Expression<Func<TrustFrameworkKeySet, bool>> condition)
    {
        return Expression.Lambda<Func<TrustFrameworkKeySet, bool>>(Asked(condition.Body), condition.Parameters);

        Expression Asked(Expression part) => part switch
        {
            BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.OrElse } logic =>
                logic.Update(Asked(logic.Left), logic.Conversion, Asked(logic.Right)),
            UnaryExpression { NodeType: ExpressionType.Convert } convert => convert.Update(Asked(convert.Operand)),
            _ when KeyOf(part) is { } key && KidConditions.AreFew(key.Body, key.Parameters[0]) =>
                Expression.Call(
                    typeof(Queryable),
                    nameof(Queryable.Contains),
                    [typeof(string)],
                    context.Set<TrustFrameworkKey>().Where(key).Select(SetOfKey).Expression,
                    Expression.Property(condition.Parameters[0], nameof(TrustFrameworkKeySet.Id))),
            _ => part,
        };
    }

    /// <summary>
    /// The ids of the sets that fulfil all conditions, read from the index of kids in the order of the ids; null if no
    /// condition asks for one kid. A kid can be in every set: then the database stops at the end of the page.
    /// </summary>
    public static IQueryable<string>? Ids(
        KeySetsDbContext context, IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> conditions)
    {
        Expression<Func<TrustFrameworkKeySet, bool>>[] all = [.. conditions.SelectMany(Conjuncts)];
        if (all.FirstOrDefault(condition => IsOfOneKid(condition.Body)) is not { } one)
        {
            return null;
        }

        // No set has a kid twice, so no id comes twice.
        IQueryable<string> ids = context.Set<TrustFrameworkKey>().Where(KeyOf(one.Body)!).Select(SetOfKey);
        IQueryable<TrustFrameworkKeySet> others =
            all.Where(condition => condition != one).Aggregate(
                (IQueryable<TrustFrameworkKeySet>)context.Set<TrustFrameworkKeySet>(), Queryable.Where);
        return all.Length == 1 ? ids : ids.Where(id => others.Any(set => set.Id == id));
    }

    private static bool IsOfOneKid(Expression condition) =>
        KeyOf(condition) is { } key && KidConditions.IsOne(key.Body, key.Parameters[0]);

    private static IEnumerable<Expression<Func<TrustFrameworkKeySet, bool>>> Conjuncts(
        Expression<Func<TrustFrameworkKeySet, bool>> condition) =>
        condition.Body is BinaryExpression { NodeType: ExpressionType.AndAlso } both && both.Type == typeof(bool)
            ? Conjuncts(Part(both.Left, condition)).Concat(Conjuncts(Part(both.Right, condition)))
            : [condition];

    private static Expression<Func<TrustFrameworkKeySet, bool>> Part(
        Expression part, Expression<Func<TrustFrameworkKeySet, bool>> condition) =>
        Expression.Lambda<Func<TrustFrameworkKeySet, bool>>(part, condition.Parameters);

    /// <returns>What <c>keys/any</c> asks of a key; null if the expression is another one.</returns>
    private static Expression<Func<TrustFrameworkKey, bool>>? KeyOf(Expression expression) =>
        expression is MethodCallExpression
        {
            Method.Name: nameof(Enumerable.Any),
            Arguments:
            [
                MemberExpression { Member.Name: nameof(TrustFrameworkKeySet.Keys), Expression: ParameterExpression },
                Expression<Func<TrustFrameworkKey, bool>> key,
            ],
        }
            ? key
            : null;
}
