using System.Text.RegularExpressions;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Builder.Extensions;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// Reads the URLs of key sets. OData allows several URLs for the same resource; the routes use only one:
/// <c>/trustFramework/keySets('id')</c>, or <c>/keySets('id')</c> in the entity set.
/// </summary>
public static partial class Addresses
{
    private const string EntitySet = PlainUrl.EntitySet;
    private const string Contained = PlainUrl.Contained;
    private const string AuditEvents = $"/trustFramework/{KeySetsEdmModel.AuditEvents}";
    private const string Qualifier = $"{KeySetsEdmModel.Namespace}.";

    // Routes can end with these. UseODataQueryRequest has already removed $query.
    private static readonly string[] SystemResources = ["$batch", "$count", "$metadata", "$value"];

    /// <summary>Serves everything under <c>/beta</c> too.</summary>
    /// <remarks>
    /// Adds the middleware directly: <c>UsePathBase</c> would also route the request here, before errors are caught and
    /// before <see cref="UseODataAddresses"/>.
    /// </remarks>
    public static void UseODataRoots(this IApplicationBuilder app) =>
        app.UseMiddleware<UsePathBaseMiddleware>(CloudRoot.Path);

    /// <summary>
    /// Rewrites <c>keySets/id</c>, <c>keySets(id='id')</c> and trailing slashes to the form of the routes. Refuses with
    /// 501 the resources that OData allows and this service does not support: <c>$filter(…)</c>, <c>$each</c>,
    /// <c>$all</c>, <c>$crossjoin</c>, <c>$entity</c>, <c>$ref</c>, and elements of a collection by their place.
    /// </summary>
    public static void UseODataAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is not null
            || (PlainUrl.TrySplit(context.Request.Path.Value, out _, out ReadOnlySpan<char> rest) && rest.IsEmpty))
        {
            // Most requests have the form of the routes.
            return next(context);
        }

        RefuseSystemResources(context.Request);
        // As a PathString: a string would be unescaped again on assignment.
        context.Request.Path = new PathString(Canonical(context, context.Request.Path.Value!));
        return next(context);
    });

    /// <summary>Whether a request is for the entity set, and not for the sets that the singleton contains.</summary>
    public static bool IsInEntitySet(HttpRequest request) =>
        request.Path.Value!.StartsWith(EntitySet, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path, in any spelling, is that of the published keys of a set.</summary>
    public static bool IsJwks(PathString path) =>
        path.Value!.Contains("/jwks", StringComparison.OrdinalIgnoreCase) && Jwks().IsMatch(path.Value);

    private static void RefuseSystemResources(HttpRequest request)
    {
        foreach (string segment in request.Path.Value!.Split('/').Where(segment => segment.StartsWith('$')))
        {
            if (segment.Equals("$query", StringComparison.OrdinalIgnoreCase) && HttpMethods.IsPost(request.Method))
            {
                throw Refusal.QueryNotInPlainText();
            }

            if (!SystemResources.Contains(segment, StringComparer.Ordinal))
            {
                throw Refusal.UnsupportedResource();
            }
        }
    }

    private static string Canonical(HttpContext context, string path)
    {
        bool isInEntitySet = path.StartsWith(EntitySet, StringComparison.OrdinalIgnoreCase);
        if (!isInEntitySet
            && !path.StartsWith("/$", StringComparison.Ordinal)
            && !path.StartsWith("/trustFramework", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        string keySets = isInEntitySet ? EntitySet : Contained;
        string trimmed = Audit().Replace(CastToOwnType().Replace(path.TrimEnd('/'), ""), AuditEvents);
        if (!trimmed.StartsWith(keySets, StringComparison.OrdinalIgnoreCase) || trimmed.Length == keySets.Length)
        {
            return trimmed;
        }

        if (OrdinalIndex().IsMatch(trimmed))
        {
            throw Refusal.UnsupportedResource();
        }

        if (InParentheses().Match(trimmed) is { Success: true } match)
        {
            return $"{keySets}({match.Groups["key"].Value}){WithinSet(context, match.Groups["rest"].Value)}";
        }

        string[] segments = trimmed[keySets.Length..].Split('/', 3);
        return segments switch
        {
            ["", ['$', ..], ..] => trimmed,
            ["", { Length: > 0 } id] => $"{keySets}({Quoted(id)})",
            ["", { Length: > 0 } id, string rest] => $"{keySets}({Quoted(id)}){WithinSet(context, $"/{rest}")}",
            _ => throw Refusal.NoResource(),
        };
    }

    /// <summary>
    /// Rewrites the URLs of keys, qualified operation names and the parentheses of functions to the form of the routes.
    /// </summary>
    private static string WithinSet(HttpContext context, string rest) =>
        OperationName(rest) is { } operation ? $"/{operation}" : KeyAddress.Encode(context, rest);

    /// <returns>
    /// The name of the operation that the URL calls, and what follows it; null if the URL calls none.
    /// </returns>
    private static string? OperationName(string rest)
    {
        if (rest is not ['/', .. string call])
        {
            return null;
        }

        string[] segments = call.Split('/', 2);
        string function = segments[0].EndsWith("()", StringComparison.Ordinal) ? segments[0][..^2] : segments[0];
        if (Unqualified(function) == KeySetOperations.GetActiveKey)
        {
            return string.Join('/', [KeySetOperations.GetActiveKey, .. segments[1..]]);
        }

        if (function == KeySetOperations.Jwks && segments.Length == 1)
        {
            return function;
        }

        return KeySetOperations.Parameters.ContainsKey(Unqualified(call)) ? Unqualified(call) : null;
    }

    private static string Unqualified(string name) =>
        name.StartsWith(Qualifier, StringComparison.Ordinal) ? name[Qualifier.Length..] : name;

    private static string Quoted(string id) => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'";

    // A cast to the type that the resource has anyway (OData URL Conventions section 4.11) changes nothing.
    [GeneratedRegex(
        @"((?<=^/trustFramework)/microsoft\.cpim\.api\.dataModels\.trustFramework"
        + @"|(?<=^(/trustFramework)?/keySets(\([^/]*\)|/[^/]+)?)/microsoft\.cpim\.api\.dataModels\.trustFrameworkKeySet"
        + @"|(?<=/(keys|getActiveKey(\(\))?))/microsoft\.cpim\.api\.dataModels\.trustFrameworkKey"
        + @"|(?<=/keys_v2(\([^/]*\)|/[^/]+)?)/microsoft\.cpim\.api\.dataModels\.trustFrameworkKey_v2)(?=/|\z)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex CastToOwnType();

    [GeneratedRegex(
        @"^/trustFramework/(keysets\.audit\.)?auditEvents(\(\))?(?=/|\z)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Audit();

    // An element of a collection by its place (OData URL Conventions section 4.12).
    [GeneratedRegex(@"/(keys|x5c)/-?\d+(/|\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex OrdinalIndex();

    [GeneratedRegex(
        @"^(/trustFramework)?/keySets\((id=)?(?<key>'([^'/]|'')*'|@\w+)\)(?<rest>/.*)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InParentheses();

    [GeneratedRegex(
        @"^(/trustFramework)?/keySets(\((id=)?'([^'/]|'')*'\)|/[^/$][^/]*)/jwks(\(\))?/*\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Jwks();
}
