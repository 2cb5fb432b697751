using System.Globalization;

namespace KeySets.Tests.Support.Twins;

/// <summary>Queries that try to learn something about private members, at every place of a condition.</summary>
public static class TwinQueries
{
    private const string Sets = HttpExtensions.KeySets;

    // The places of a condition, as {0}; each with what is before the name of a member there.
    private static readonly (string Query, string Prefix)[] Places =
    [
        ($"{Sets}?$filter=keys/any(x:{{0}})", "x/"),
        ($"{Sets}?$filter=keys/all(x:{{0}})", "x/"),
        ($"{Sets}?$filter=not keys/any(x:not ({{0}}))", "x/"),
        ($"{Sets}?$filter=keys_v2/any(x:{{0}})", "x/"),
        ($"{Sets}?$filter=keys_v2/all(x:{{0}})", "x/"),
        ($"{Sets}?$filter=id eq 'oct' or keys/any(x:{{0}})", "x/"),
        ($"{Sets}?$filter=keys/$count($filter={{0}}) gt 0", ""),
        ($"{Sets}?$filter=keys_v2/$count($filter={{0}}) gt 0", ""),
        ($"{Sets}?$filter=@c&@c=keys/any(x:{{0}})", "x/"),
        ($"{Sets}?$filter=keys/any(x:@c eq x/kid)&@c={{0}}", ""),
        ($"{Sets}?$orderby=keys/any(x:{{0}})", "x/"),
        ($"{Sets}?$orderby=keys_v2/$count($filter={{0}}) desc,id", ""),
        ($"{Sets}?$select=id,keys($filter={{0}})", ""),
        ($"{Sets}?$select=keys($orderby={{0}};$select=kid)", ""),
        ($"{Sets}?$select=id&$expand=keys_v2($filter={{0}})", ""),
        ($"{Sets}?$expand=keys_v2($orderby={{0}} desc;$top=1)", ""),
        ($"{Sets}?$expand=keys_v2/$count($filter={{0}})", ""),
        ($"{Sets}?$compute={{0}} as z&$select=z", "keys/"),
        ($"{Sets}?$apply=filter(keys/any(x:{{0}}))", "x/"),
        ($"{Sets}/$count?$filter=keys/any(x:{{0}})", "x/"),
        ($"{Sets}('rsa')/keys?$filter={{0}}", ""),
        ($"{Sets}('oct')/keys?$orderby={{0}}", ""),
        ($"{Sets}('other')/keys_v2?$filter={{0}}&$count=true", ""),
        ($"{Sets}('oct')/keys_v2?$orderby={{0}} desc&$top=1", ""),
        ($"{Sets}('other')/keys/$count?$filter={{0}}", ""),
        ($"{Sets}('rsa')?$select=keys($filter={{0}})", ""),
        ("/trustFramework?$expand=keySets($filter=keys/any(x:{0}))", "x/"),
        ("/trustFramework?$expand=keySets($orderby=keys/any(x:{0});$top=2)", "x/"),
        ("/trustFramework?$expand=keySets($expand=keys_v2($filter={0}))", ""),
        ("/keySets?$filter=keys/any(x:{0})", "x/"),
        ($"/beta{Sets}?$filter=keys/any(x:{{0}})", "x/"),
    ];

    // Further options that name a member.
    private static readonly string[] Options =
    [
        "$select=keys/{0}", "$select=keys($select={0})", "$select=*,keys/{0}", "$select={0}", "$expand={0}",
        "$expand=keys_v2($select={0})", "$expand=keys_v2($select=kid,{0};$orderby={0})", "$expand=keys_v2/{0}",
        "$orderby=keys/{0}", "$orderby={0}", "$filter=keys/{0} eq '{1}'", "$filter={0} eq '{1}'", "$search={0}",
        "$search={1}", "$search=NOT {1}", "$search=\"{0}:{1}\" OR oct", "$apply=groupby((keys/{0}))",
        "$apply=aggregate(keys/{0} with max as z)", "$compute=length(keys/{0}) as z", "$index={0}", "$levels={0}",
        "$deltatoken={0}", "$id=keySets('oct')/keys/{0}", "$format={0}", "{0}={1}", "@{0}={1}", "$skiptoken={1}",
        "$top=1&$skip={0}", "$count={0}", "$select=id&$filter=keys/any(k:k/{0} eq k/{0})",
        "filter=keys/any(x:x/{0} gt '')",
        "$expand=keys_v2($search={1})", "$expand=keys_v2($compute={0} as z)", "$select=keys($apply=groupby(({0})))",
    ];

    /// <summary>Every condition on every member, each at one of the places in turn; and two at all places.</summary>
    public static IEnumerable<TwinRequest> OfConditions()
    {
        int place = 0;
        return
        [
            .. from template in PrivateConditions.Templates
               from member in PrivateConditions.Members
               select At(Places[place++ % Places.Length], template, member),
            .. from template in (string[])["startswith({0},{1})", "{0} ge {1}"]
               from member in (string[])["k", "d", "x5t"]
               from each in Places
               select At(each, template, member),
        ];
    }

    /// <summary>Every other option, with every member.</summary>
    public static IEnumerable<TwinRequest> OfOptions() =>
        from option in Options
        from member in PrivateConditions.Members.Index()
        let url = (string[])[Sets, $"{Sets}('oct')/keys_v2", $"{Sets}('rsa')/keys"]
        select TwinRequest.Get(
            $"{url[member.Index % url.Length]}"
            + $"?{string.Format(CultureInfo.InvariantCulture, option, member.Item, TwinSets.Guess)}");

    private static TwinRequest At((string Query, string Prefix) place, string template, string member)
    {
        string condition = PrivateConditions.Of(template, place.Prefix + member);
        string url = string.Format(CultureInfo.InvariantCulture, place.Query, Uri.EscapeDataString(condition));
        return TwinRequest.Get($"{url}&@guesses=('{TwinSets.Guess}')");
    }
}
