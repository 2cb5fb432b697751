using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Query.Internal;

#pragma warning disable EF1001 // The provider offers null ordering to its own tests alone.

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// Orders and computes as OData does: null comes first (URL Conventions section 5.1.1.1.3), texts are ordered by their
/// code points, computed ones included, which would have the collation of the database, and no sum is too large.
/// </summary>
/// <param name="dependencies">What EF Core needs.</param>
/// <param name="types">The types of the provider.</param>
/// <param name="options">The options of the provider.</param>
public sealed class OrderedSqlGenerator(
    QuerySqlGeneratorDependencies dependencies, IRelationalTypeMappingSource types, INpgsqlSingletonOptions options)
    : NpgsqlQuerySqlGenerator(dependencies, types, reverseNullOrderingEnabled: false, options.PostgresVersion)
{
    private const string ByCodePoint = " COLLATE \"C\"";

    private static readonly Dictionary<ExpressionType, string> Arithmetic = new()
    {
        [ExpressionType.Add] = " + ",
        [ExpressionType.Subtract] = " - ",
        [ExpressionType.Multiply] = " * ",
        [ExpressionType.Divide] = ", ",
        [ExpressionType.Modulo] = " % ",
    };

    /// <inheritdoc />
    protected override Expression VisitOrdering(OrderingExpression ordering)
    {
        if (ordering.Expression is SqlConstantExpression or SqlParameterExpression)
        {
            // PostgreSQL takes a constant for the number of a column.
            Sql.Append("(SELECT 1)");
            return ordering;
        }

        VisitText(ordering.Expression);
        Sql.Append(ordering.IsAscending ? "" : " DESC");
        if (ordering.Expression is not ColumnExpression { IsNullable: false })
        {
            Sql.Append(ordering.IsAscending ? " NULLS FIRST" : " NULLS LAST");
        }

        return ordering;
    }

    /// <inheritdoc />
    protected override Expression VisitSqlBinary(SqlBinaryExpression binary)
    {
        if (IsInteger(binary.Type) && Arithmetic.TryGetValue(binary.OperatorType, out string? sign))
        {
            Sql.Append(binary.OperatorType == ExpressionType.Divide ? "div(" : "(");
            VisitNumber(binary.Left);
            Sql.Append(sign);
            VisitNumber(binary.Right);
            Sql.Append(")");
            return binary;
        }

        if (IsComputedText(binary.Left) && IsComputedText(binary.Right) && binary.OperatorType
            is ExpressionType.LessThan or ExpressionType.LessThanOrEqual
            or ExpressionType.GreaterThan or ExpressionType.GreaterThanOrEqual)
        {
            VisitText(binary.Left);
            Sql.Append(GetOperator(binary));
            Sql.Append("(");
            Visit(binary.Right);
            Sql.Append(")");
            return binary;
        }

        return base.VisitSqlBinary(binary);
    }

    /// <inheritdoc />
    protected override Expression VisitSqlUnary(SqlUnaryExpression sqlUnaryExpression)
    {
        if (sqlUnaryExpression.OperatorType != ExpressionType.Negate || !IsInteger(sqlUnaryExpression.Type))
        {
            return base.VisitSqlUnary(sqlUnaryExpression);
        }

        Sql.Append("(-");
        VisitNumber(sqlUnaryExpression.Operand);
        Sql.Append(")");
        return sqlUnaryExpression;
    }

    /// <inheritdoc />
    protected override Expression VisitSqlFunction(SqlFunctionExpression sqlFunctionExpression)
    {
        if (sqlFunctionExpression is not { Name: "substring", Arguments: [var text, ..] })
        {
            return base.VisitSqlFunction(sqlFunctionExpression);
        }

        Sql.Append("substring(");
        Visit(text);
        foreach (SqlExpression place in sqlFunctionExpression.Arguments.Skip(1))
        {
            Sql.Append(", LEAST(");
            Visit(place);
            Sql.Append(", 2147483647)::int");
        }

        Sql.Append(")");
        return sqlFunctionExpression;
    }

    private static bool IsInteger(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var number
        && (number == typeof(int) || number == typeof(long));

    private static bool IsComputedText(SqlExpression expression) =>
        expression.Type == typeof(string) && expression is not ColumnExpression;

    /// <remarks>Integers fail where their result has too many bits. A numeric has as many digits as it needs.</remarks>
    private void VisitNumber(SqlExpression expression)
    {
        Sql.Append("(");
        Visit(expression);
        Sql.Append(")::numeric");
    }

    private void VisitText(SqlExpression expression)
    {
        if (IsComputedText(expression))
        {
            Sql.Append("(");
            Visit(expression);
            Sql.Append(")");
            Sql.Append(ByCodePoint);
        }
        else
        {
            Visit(expression);
        }
    }
}

/// <summary>Makes generators of SQL.</summary>
/// <param name="dependencies">What EF Core needs.</param>
/// <param name="types">The types of the provider.</param>
/// <param name="options">The options of the provider.</param>
[SuppressMessage("Performance", "CA1812", Justification = "EF Core creates it.")]
public sealed class OrderedSqlGeneratorFactory(
    QuerySqlGeneratorDependencies dependencies, IRelationalTypeMappingSource types, INpgsqlSingletonOptions options)
    : IQuerySqlGeneratorFactory
{
    /// <inheritdoc />
    public QuerySqlGenerator Create() => new OrderedSqlGenerator(dependencies, types, options);
}
