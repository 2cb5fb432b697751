using System.Linq.Expressions;
using System.Text.RegularExpressions;
using KeySets.Api.Data;
using KeySets.Model;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Finds sets by $search (OData Protocol section 11.2.6.6): a set matches a term or phrase if its id, or the kid, kty
/// or use of one of its keys, contains it in any case.
/// </summary>
public static partial class SearchExpressions
{
    /// <summary>
    /// Puts the words of a $search in quotes: ODataLib accepts no bare words with digits or dots (OData ABNF:
    /// searchWord).
    /// </summary>
    public static string QuoteWords(string search) => Tokens().Replace(
        search,
        token => token.ValueSpan is "AND" or "OR" or "NOT" or ['"', ..]
            ? token.Value
            : $"\"{token.Value.Replace("\\", "\\\\", StringComparison.Ordinal)}\"");

    /// <summary>The condition of a $search; null if there is none.</summary>
    public static Expression<Func<TrustFrameworkKeySet, bool>>? Search(SearchClause? clause)
    {
        ParameterExpression set = Expression.Parameter(typeof(TrustFrameworkKeySet));
        return clause is null
            ? null
            : Expression.Lambda<Func<TrustFrameworkKeySet, bool>>(Condition(clause.Expression, set), set);
    }

    private static Expression Condition(QueryNode node, ParameterExpression set) => node switch
    {
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } both =>
            Expression.AndAlso(Condition(both.Left, set), Condition(both.Right, set)),
        BinaryOperatorNode either => Expression.OrElse(Condition(either.Left, set), Condition(either.Right, set)),
        UnaryOperatorNode not => Expression.Not(Condition(not.Operand, set)),
        ConvertNode convert => Condition(convert.Source, set),
        _ => Expression.Invoke(Contains(((SearchTermNode)node).Text.ToUpperInvariant()), set),
    };

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"?|[^\\s()\"]+", RegexOptions.ExplicitCapture)]
    private static partial Regex Tokens();

    private static Expression<Func<TrustFrameworkKeySet, bool>> Contains(string term) => set =>
        TextCase.ToUpper(set.Id)!.Contains(term)
        || set.Keys.Any(key => TextCase.ToUpper(key.Kid)!.Contains(term)
            || TextCase.ToUpper(key.Kty)!.Contains(term)
            || TextCase.ToUpper(key.Use)!.Contains(term));
}
