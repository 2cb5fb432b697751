using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace KeySets.Api.Data.Reading;

/// <summary>
/// Seek pagination: a page begins after the values of the last row of the page before, not after a number of rows. A
/// row that stays is therefore neither left out nor shown twice while other rows come and go. Null sorts before
/// everything else, as in OData.
/// </summary>
public static class SeekPagination
{
    /// <summary>The condition that an element comes after the one with these values.</summary>
    /// <param name="orderings">The orderings of the elements, of which the last tells any two apart.</param>
    /// <param name="values">A value for each ordering, of its type or null.</param>
    public static Expression<Func<T, bool>> After<T>(
        IReadOnlyList<Ordering<T>> orderings, IReadOnlyList<object?> values)
    {
        ParameterExpression element = Expression.Parameter(typeof(T));
        Expression after = Expression.Constant(false);
        foreach ((int index, Ordering<T> ordering) in orderings.Index().Reverse())
        {
            Expression actual = ValueOf(ordering, element);
            Expression last = Parameter(values[index], actual.Type);
            after = Expression.OrElse(
                Beyond(ordering.Descending, actual, last, values[index]),
                Expression.AndAlso(Expression.Equal(actual, last), after));
        }

        return Expression.Lambda<Func<T, bool>>(after, element);
    }

    /// <summary>The elements in order.</summary>
    public static IOrderedQueryable<T> Ordered<T>(IQueryable<T> all, IReadOnlyList<Ordering<T>> orderings)
    {
        IOrderedQueryable<T> ordered =
            orderings[0].Descending ? all.OrderByDescending(orderings[0].By) : all.OrderBy(orderings[0].By);
        foreach (Ordering<T> ordering in orderings.Skip(1))
        {
            ordered = ordering.Descending ? ordered.ThenByDescending(ordering.By) : ordered.ThenBy(ordering.By);
        }

        return ordered;
    }

    /// <summary>The elements of a page, and one more, which tells whether there are more.</summary>
    /// <param name="all">All elements in order.</param>
    /// <param name="skip">How many are skipped.</param>
    /// <param name="take">The most elements of the page.</param>
    public static IQueryable<T> Limited<T>(IQueryable<T> all, int skip, int take) =>
        Counted(nameof(Queryable.Take), Counted(nameof(Queryable.Skip), all, skip), take + 1);

    /// <summary>Whether an ordering is by a property itself.</summary>
    public static bool IsBy<T>(Ordering<T> ordering, string property) =>
        WithoutBox(ordering.By.Body) is MemberExpression member && member.Member.Name == property;

    /// <summary>The type of the values of an ordering.</summary>
    public static Type TypeOf<T>(Ordering<T> ordering) => WithoutBox(ordering.By.Body).Type;

    /// <summary>A value that may be another one when the same query runs again.</summary>
    /// <remarks>
    /// EF Core makes a parameter of a member of an object, and keeps the compiled query for other values. Of a constant
    /// it would make a part of the query.
    /// </remarks>
    public static Expression Parameter(object? value, Type type)
    {
        object box = Activator.CreateInstance(typeof(StrongBox<>).MakeGenericType(type), value)!;
        return Expression.Field(Expression.Constant(box), nameof(StrongBox<>.Value));
    }

    /// <summary>The values of the orderings for an element, as an array of objects.</summary>
    public static Expression ValuesOf<T>(IReadOnlyList<Ordering<T>> orderings, ParameterExpression element) =>
        Expression.NewArrayInit(
            typeof(object),
            orderings.Select(ordering => Expression.Convert(ValueOf(ordering, element), typeof(object))));

    /// <summary>The value of an ordering for an element.</summary>
    public static Expression ValueOf<T>(Ordering<T> ordering, ParameterExpression element) =>
        new Replacement(ordering.By.Parameters[0], element).Visit(WithoutBox(ordering.By.Body))!;

    /// <remarks>
    /// Within a subquery EF Core makes a part of the query of a number, and compiles a query for each number.
    /// </remarks>
    private static IQueryable<T> Counted<T>(string method, IQueryable<T> all, int number) =>
        all.Provider.CreateQuery<T>(Expression.Call(
            typeof(Queryable), method, [typeof(T)], all.Expression, Parameter(number, typeof(int))));

    private static Expression WithoutBox(Expression body) =>
        body is UnaryExpression { NodeType: ExpressionType.Convert } box
            && box.Type == typeof(object) ? box.Operand : body;

    private static Expression Beyond(bool descending, Expression actual, Expression last, object? value)
    {
        Expression isNull = actual.Type.IsValueType && Nullable.GetUnderlyingType(actual.Type) is null
            ? Expression.Constant(false)
            : Expression.Equal(actual, Expression.Constant(null, actual.Type));
        return (descending, value) switch
        {
            (true, null) => Expression.Constant(false),
            (false, null) => Expression.Not(isNull),
            (true, bool condition) =>
                Expression.OrElse(isNull, condition ? Is(actual, false) : Expression.Constant(false)),
            (false, bool condition) => condition ? Expression.Constant(false) : Is(actual, true),
            (true, _) => Expression.OrElse(isNull, Compare(ExpressionType.LessThan, actual, last)),
            (false, _) => Compare(ExpressionType.GreaterThan, actual, last),
        };
    }

    /// <remarks>Expressions do not order false and true.</remarks>
    private static BinaryExpression Is(Expression condition, bool value) =>
        Expression.Equal(condition, Expression.Constant(value, condition.Type));

    private static BinaryExpression Compare(ExpressionType type, Expression left, Expression right) =>
        left.Type == typeof(string)
        ? Expression.MakeBinary(
            type, Expression.Call(typeof(string), nameof(string.Compare), [], left, right), Expression.Constant(0))
        : Expression.MakeBinary(type, left, right);

    private sealed class Replacement(Expression from, Expression to) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == from ? to : base.Visit(node);
    }
}
