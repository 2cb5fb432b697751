using System.Linq.Expressions;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>Tells which conditions on a key the index of kids can answer, alone or before other conditions.</summary>
public static class KidConditions
{
    /// <summary>Whether a condition holds only for keys with one certain kid.</summary>
    public static bool IsOne(Expression condition, ParameterExpression key) => condition switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => IsOne(convert.Operand, key),
        BinaryExpression { NodeType: ExpressionType.AndAlso } both => IsOne(both.Left, key) || IsOne(both.Right, key),
        BinaryExpression { NodeType: ExpressionType.Equal } equal =>
            IsKid(equal.Left, key) ? IsValue(equal.Right) : IsKid(equal.Right, key) && IsValue(equal.Left),
        _ => false,
    };

    /// <summary>
    /// Whether a condition holds only for keys with one of some kids, or with a kid between two values.
    /// </summary>
    public static bool AreFew(Expression condition, ParameterExpression key) => condition switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => AreFew(convert.Operand, key),
        BinaryExpression { NodeType: ExpressionType.AndAlso } both =>
            AreFew(both.Left, key)
            || AreFew(both.Right, key)
            || (IsBound(both.Left, ExpressionType.GreaterThanOrEqual, key)
                && IsBound(both.Right, ExpressionType.LessThan, key)),
        BinaryExpression { NodeType: ExpressionType.OrElse } either =>
            AreFew(either.Left, key) && AreFew(either.Right, key),
        MethodCallExpression { Method.Name: nameof(Enumerable.Contains), Arguments: [var kids, var kid] } =>
            IsValue(kids) && IsKid(kid, key),
        _ => IsOne(condition, key),
    };

    private static bool IsBound(Expression condition, ExpressionType comparison, ParameterExpression key) =>
        condition is BinaryExpression
        {
            Left: MethodCallExpression { Method.Name: nameof(string.Compare), Arguments: [var kid, var bound] },
        }
        && condition.NodeType == comparison
        && IsKid(kid, key)
        && IsValue(bound);

    private static bool IsKid(Expression expression, ParameterExpression key) =>
        expression is MemberExpression { Member.Name: nameof(TrustFrameworkKey.Kid) } member
        && member.Expression == key;

    /// <summary>Whether an expression is the same for all sets and keys.</summary>
    private static bool IsValue(Expression expression)
    {
        Parameters parameters = new();
        parameters.Visit(expression);
        return !parameters.Any;
    }

    private sealed class Parameters : ExpressionVisitor
    {
        public bool Any { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Any = true;
            return node;
        }
    }
}
