using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace KeySets.Tests.Support;

/// <summary>
/// Runs a fixture, and all that are derived from it, once on each database. A fixture derived from one of these runs on
/// the embedded database alone if it has an attribute of NUnit itself: <c>[TestFixture]</c>.
/// </summary>
/// <param name="arguments">The arguments of the constructor, as for <see cref="TestFixtureAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OnEveryDatabaseAttribute(params object?[]? arguments) : NUnitAttribute, IFixtureBuilder2
{
    /// <summary>The property of a fixture that names its database.</summary>
    public const string Property = "Database";

    /// <summary>The property of a fixture whose service has two instances.</summary>
    public const string TwoInstances = nameof(TwoInstances);

    private readonly NUnitTestFixtureBuilder _builder = new();

    /// <summary>Whether the fixture also runs on two instances that share a database.</summary>
    public bool OnTwoInstances { get; init; }

    /// <summary>The arguments of the constructor.</summary>
    public object?[] Arguments { get; } = arguments ?? [null];

    /// <inheritdoc />
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) => BuildFrom(typeInfo, PreFilters.None);

    /// <inheritdoc />
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo, IPreFilter filter)
    {
        yield return _builder.BuildFrom(typeInfo, filter, new TestFixtureParameters(Arguments));
        if (PostgreSqlTestDatabase.IsThere)
        {
            yield return _builder.BuildFrom(typeInfo, filter, OnPostgreSql(typeInfo, "PostgreSql"));
        }

        if (PostgreSqlTestDatabase.IsThere && OnTwoInstances)
        {
            TestFixtureParameters parameters = OnPostgreSql(typeInfo, "PostgreSql", TwoInstances);
            parameters.Properties.Add(TwoInstances, true);
            yield return _builder.BuildFrom(typeInfo, filter, parameters);
        }
    }

    private TestFixtureParameters OnPostgreSql(ITypeInfo typeInfo, params string[] names)
    {
        IEnumerable<string> all = Arguments
            .Select(argument => argument is null ? "null" : $"\"{argument}\"")
            .Concat(names);
        TestFixtureParameters parameters = new(Arguments)
        {
            TestName = $"{typeInfo.GetDisplayName()}({string.Join(',', all)})",
        };
        parameters.Properties.Add(Property, nameof(PostgreSqlTestDatabase));
        return parameters;
    }
}
