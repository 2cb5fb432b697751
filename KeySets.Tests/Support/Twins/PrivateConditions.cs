using System.Globalization;
using System.Reflection;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Conditions on a member of a key: every function that ODataLib parses, with the member as each of its arguments, and
/// every operator. <c>{0}</c> is the place of the member, <c>{1}</c> that of a guess at its value.
/// </summary>
public static class PrivateConditions
{
    private static readonly string[] Operators =
    [
        "eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "divby", "mod", "and", "or", "has", "in",
    ];

    // What ODataLib parses apart from operators and functions, and conditions with both answers.
    private static readonly string[] Others =
    [
        "case({0} eq {1}:true,true:false)", "cast({0},Edm.String) eq {1}", "cast({0},Edm.Int64) gt 0",
        "isof({0},Edm.String)", "hassubset([{0}],[{1}])", "hassubsequence([{0}],[{1}])", "isdefined({0})",
        "{0}", "not {0}", "-{0} eq 1", "{0} in ({1},'x')", "{0} in [{1}]", "{0} in @guesses", "{1} in ({0})",
        "{0}/$count gt 1", "{0}/any(y:y eq {1})", "{0}/x5t eq {1}", "{0} ne null", "null eq {0}",
        "(({0})) eq ({1})", "kid eq 'x' or {0} eq {1}", "true or {0} eq {1}", "concat({0},{0}) eq {1}",
    ];

    /// <summary>The private members, and one that is public: its conditions are answered.</summary>
    public static IReadOnlyList<string> Members { get; } = [.. PrivateMembers.Names.Order(), "x5t"];

    /// <summary>The conditions.</summary>
    public static IReadOnlyList<string> Templates { get; } =
    [
        .. Operators.SelectMany(name => new[] { $"{{0}} {name} {{1}}", $"{{1}} {name} {{0}}" }),
        .. Others,
        .. Calls().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>A condition on a member.</summary>
    /// <param name="template">One of the conditions.</param>
    /// <param name="member">The path of the member.</param>
    public static string Of(string template, string member) =>
        string.Format(CultureInfo.InvariantCulture, template, member, $"'{TwinSets.Guess}'");

    private static IEnumerable<string> Calls() =>
        from function in Functions()
        from signature in function.Value
        from place in Enumerable.Range(0, signature.ArgumentTypes.Length)
        let arguments = signature.ArgumentTypes.Select((type, index) => index == place ? "{0}" : Literal(type))
        let call = $"{function.Key}({string.Join(',', arguments)})"
        select signature.ReturnType.IsBoolean() ? call
            : signature.ReturnType.IsString() ? $"{call} ge {{1}}"
            : $"{call} ge 0";

    private static string Literal(IEdmTypeReference type) =>
        type.IsString() ? "{1}" : type.IsSpatial() ? "geography'SRID=0;Point(1 2)'" : "1";

    /// <returns>The list of ODataLib itself, so that no function of a later version is missing.</returns>
    private static IReadOnlyDictionary<string, FunctionSignatureWithReturnType[]> Functions() =>
        (IReadOnlyDictionary<string, FunctionSignatureWithReturnType[]>)typeof(ODataUriParser).Assembly
            .GetType("Microsoft.OData.UriParser.BuiltInUriFunctions", throwOnError: true)!
            .GetField("builtInFunctions", BindingFlags.NonPublic | BindingFlags.Static)!
            .GetValue(null)!;
}
