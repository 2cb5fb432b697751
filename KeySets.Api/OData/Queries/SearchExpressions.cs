using System.Linq.Expressions;
using KeySets.Api.Data;
using KeySets.Model;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Finds sets and keys by $search (OData Protocol section 11.2.6.6), in any case of the letters: a key matches a term
/// or phrase if its kid, kty or use contains it; a set matches if its id contains it, or if one of its keys matches.
/// </summary>
public static class SearchExpressions
{
    /// <summary>The condition of a $search of sets; null if there is none.</summary>
    public static Expression<Func<TrustFrameworkKeySet, bool>>? OfSets(SearchClause? clause) => Search(clause, SetHas);

    /// <summary>The condition of a $search of keys; null if there is none.</summary>
    public static Expression<Func<TrustFrameworkKey, bool>>? OfKeys(SearchClause? clause) => Search(clause, KeyHas);

    private static Expression<Func<TrustFrameworkKeySet, bool>> SetHas(string term)
    {
        Expression<Func<TrustFrameworkKey, bool>> keyHas = KeyHas(term);
        return set => TextCase.ToUpper(set.Id)!.Contains(term) || set.Keys.AsQueryable().Any(keyHas);
    }

    /// <remarks>Compares with null, so that NOT finds keys without a use.</remarks>
    private static Expression<Func<TrustFrameworkKey, bool>> KeyHas(string term) =>
        key => TextCase.ToUpper(key.Kid)!.Contains(term)
            || TextCase.ToUpper(key.Kty)!.Contains(term)
            || (key.Use != null && TextCase.ToUpper(key.Use)!.Contains(term));

    private static Expression<Func<T, bool>>? Search<T>(
        SearchClause? clause, Func<string, Expression<Func<T, bool>>> has)
    {
        ParameterExpression element = Expression.Parameter(typeof(T));
        return clause is null ? null : Expression.Lambda<Func<T, bool>>(Condition(clause.Expression), element);

        Expression Condition(QueryNode node) => node switch
        {
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } both =>
                Expression.AndAlso(Condition(both.Left), Condition(both.Right)),
            BinaryOperatorNode either => Expression.OrElse(Condition(either.Left), Condition(either.Right)),
            UnaryOperatorNode not => Expression.Not(Condition(not.Operand)),
            ConvertNode convert => Condition(convert.Source),
            _ => Expression.Invoke(has(SearchText.TermOf(((SearchTermNode)node).Text).ToUpperInvariant()), element),
        };
    }
}
