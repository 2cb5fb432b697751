using System.Reflection;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>The conformance table itself.</summary>
public sealed class RowsTests
{
    private static readonly (char Section, int Rows)[] Table =
        [('A', 14), ('B', 7), ('C', 13), ('D', 21), ('E', 6), ('F', 17), ('G', 8), ('H', 4)];

    [Test]
    public void Every_row_has_a_test_at_both_roots()
    {
        IEnumerable<string> shown = typeof(RowsTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ConformanceTests)) && Roots(type).SequenceEqual(["", "/beta"]))
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<RowAttribute>())
            .Select(row => row.Name)
            .Distinct();

        // Each section numbers its rows without a gap; section D ends at D21.
        IEnumerable<string> rows = Table.SelectMany(
            section => Enumerable.Range(1, section.Rows).Select(number => $"{section.Section}{number}"));
        Assert.That(shown, Is.EquivalentTo(rows));
    }

    private static IEnumerable<string?> Roots(Type fixture) =>
        fixture.GetCustomAttributes<OnEveryDatabaseAttribute>(inherit: false)
            .Select(attribute => (string?)attribute.Arguments.Single())
            .Order();
}
