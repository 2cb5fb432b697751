namespace KeySets.Api.OData.Queries;

/// <summary>An item of a $select or $expand (OData ABNF: selectItem, expandItem).</summary>
/// <param name="Path">The path, as the client sent it.</param>
/// <param name="Options">The options in parentheses.</param>
public sealed record QueryItem(string Path, IReadOnlyList<QueryOption> Options)
{
    /// <summary>Whether the item stands for all properties.</summary>
    public bool IsAsterisk => Path.Trim() == "*";

    /// <summary>Whether the item asks for references.</summary>
    public bool IsReference => Path.TrimEnd().EndsWith("/$ref", StringComparison.Ordinal);

    /// <inheritdoc cref="QueryOption.WithoutAsteriskBesideOthers" />
    public QueryItem WithoutAsteriskBesideOthers()
    {
        QueryOption[] options = [.. Options.Select(option => option.WithoutAsteriskBesideOthers())];
        return options.SequenceEqual(Options, ReferenceEqualityComparer.Instance)
            ? this
            : this with { Options = options };
    }

    /// <summary>The item in the form that ODataLib reads.</summary>
    /// <param name="target">The query option that a refusal names.</param>
    /// <param name="outer">The parameter aliases outside of the parentheses.</param>
    public string Canonical(string target, IReadOnlyDictionary<string, string> outer)
    {
        Dictionary<string, string> aliases = new(outer, StringComparer.Ordinal);
        foreach (QueryOption alias in Options.Where(option => option.IsAlias))
        {
            aliases[alias.Name] = alias.Value;
        }

        string[] options =
        [
            .. Options.Where(option => !option.IsAlias)
                .Select(option => $"{option.Name}={option.Canonical(target, aliases, isNested: true)}"),
        ];
        return options.Length == 0 ? Path : $"{Path}({string.Join(';', options)})";
    }
}
