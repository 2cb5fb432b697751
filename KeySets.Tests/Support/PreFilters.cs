using System.Reflection;
using NUnit.Framework.Interfaces;

namespace KeySets.Tests.Support;

/// <summary>Filters of NUnit for the tests of a fixture.</summary>
public static class PreFilters
{
    /// <summary>Leaves nothing out.</summary>
    public static IPreFilter None { get; } = new Everything();

    private sealed class Everything : IPreFilter
    {
        public bool IsMatch(Type type) => true;

        public bool IsMatch(Type type, MethodInfo method) => true;
    }
}
