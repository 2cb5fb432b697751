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

    private readonly NUnitTestFixtureBuilder _builder = new();

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
            IEnumerable<string> names = Arguments
                .Select(argument => argument is null ? "null" : $"\"{argument}\"")
                .Append("PostgreSql");
            TestFixtureParameters parameters = new(Arguments)
            {
                TestName = $"{typeInfo.GetDisplayName()}({string.Join(',', names)})",
            };
            parameters.Properties.Add(Property, nameof(PostgreSqlTestDatabase));
            yield return _builder.BuildFrom(typeInfo, filter, parameters);
        }
    }
}
