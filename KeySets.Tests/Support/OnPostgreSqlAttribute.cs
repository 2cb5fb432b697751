using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace KeySets.Tests.Support;

/// <summary>Runs a fixture on PostgreSQL alone. Without a server its tests are skipped, and say so.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnPostgreSqlAttribute : NUnitAttribute, IFixtureBuilder2
{
    private readonly NUnitTestFixtureBuilder _builder = new();

    /// <inheritdoc />
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) => BuildFrom(typeInfo, PreFilters.None);

    /// <inheritdoc />
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo, IPreFilter filter)
    {
        TestFixtureParameters parameters = new();
        parameters.Properties.Add(OnEveryDatabaseAttribute.Property, nameof(PostgreSqlTestDatabase));
        if (!PostgreSqlTestDatabase.IsThere)
        {
            parameters.RunState = RunState.Ignored;
            parameters.Properties.Add(
                PropertyNames.SkipReason,
                $"{PostgreSqlTestDatabase.Variable} is not set to the connection string of a PostgreSQL server.");
        }

        yield return _builder.BuildFrom(typeInfo, filter, parameters);
    }
}
