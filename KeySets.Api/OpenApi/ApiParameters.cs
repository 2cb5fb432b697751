using Microsoft.OpenApi;

namespace KeySets.Api.OpenApi;

/// <summary>The parts of URLs, query options and headers that clients can send. Operations share them.</summary>
public static class ApiParameters
{
    /// <summary>The id in the URL of a key set.</summary>
    public const string Id = "id";

    /// <summary>The id in the URL of a key set of secrets.</summary>
    public const string IdOfSecrets = "idOfSecrets";

    /// <summary>The kid in the URL of a key.</summary>
    public const string Kid = "kid";

    /// <summary><c>$filter</c> of key sets.</summary>
    public const string Filter = "filter";

    /// <summary><c>$filter</c> of keys.</summary>
    public const string FilterKeys = "filterKeys";

    /// <summary>$filter of audit events.</summary>
    public const string FilterEvents = "filterEvents";

    /// <summary>$orderby of audit events.</summary>
    public const string OrderByEvents = "orderbyEvents";

    /// <summary>$select of audit events.</summary>
    public const string SelectOfEvent = "selectOfEvent";

    /// <summary><c>$search</c>.</summary>
    public const string Search = "search";

    /// <summary><c>$search</c> for keys.</summary>
    public const string SearchKeys = "searchKeys";

    /// <summary><c>$orderby</c> of key sets.</summary>
    public const string OrderBy = "orderby";

    /// <summary><c>$orderby</c> of keys.</summary>
    public const string OrderByKeys = "orderbyKeys";

    /// <summary><c>$top</c>.</summary>
    public const string Top = "top";

    /// <summary><c>$skip</c>.</summary>
    public const string Skip = "skip";

    /// <summary><c>$count</c>.</summary>
    public const string Count = "count";

    /// <summary><c>$select</c> of key sets.</summary>
    public const string Select = "select";

    /// <summary><c>$select</c> of keys.</summary>
    public const string SelectOfKey = "selectOfKey";

    /// <summary><c>$expand</c> of key sets.</summary>
    public const string Expand = "expand";

    /// <summary><c>$expand</c> of the root.</summary>
    public const string ExpandKeySets = "expandKeySets";

    /// <summary><c>Prefer: maxpagesize</c>.</summary>
    public const string MaxPageSize = "maxpagesize";

    /// <summary><c>Prefer: return</c>.</summary>
    public const string Return = "return";

    /// <summary><c>If-Match</c>.</summary>
    public const string IfMatch = "ifMatch";

    /// <summary><c>If-None-Match</c>.</summary>
    public const string IfNoneMatch = "ifNoneMatch";

    /// <summary>The parameters that name a state of a set.</summary>
    public static IReadOnlyList<string> Conditions { get; } = [IfMatch, IfNoneMatch];

    /// <summary>The parameters, by their names in the document.</summary>
    public static IReadOnlyDictionary<string, OpenApiParameter> All { get; } = new Dictionary<string, OpenApiParameter>
    {
        [Id] = InPath(Id, "The id of the key set.", "TokenSigning"),
        [IdOfSecrets] = InPath(Id, "The id of the key set.", "SharedSecrets"),
        [Kid] = InPath(Kid, "The id of the key within its set.", "first"),
        [Filter] = InQuery(
            "$filter",
            JsonSchemaType.String,
            "Only the key sets for which this holds.",
            "keys/any(k:k/kty eq 'RSA')"),
        [FilterKeys] = InQuery("$filter", JsonSchemaType.String, "Only the keys for which this holds.", "use eq 'sig'"),
        [FilterEvents] = InQuery(
            "$filter", JsonSchemaType.String, "Only the events for which this holds.", "result eq 'denied'"),
        [Search] = InQuery(
            "$search",
            JsonSchemaType.String,
            "Only the key sets that hold these words in id, kid, kty or use.",
            "TokenSigning"),
        [SearchKeys] = InQuery(
            "$search", JsonSchemaType.String, "Only the keys that hold these words in kid, kty or use.", "RSA"),
        [OrderBy] = InQuery("$orderby", JsonSchemaType.String, "The order of the key sets.", "id desc"),
        [OrderByKeys] = InQuery("$orderby", JsonSchemaType.String, "The order of the keys.", "nbf desc"),
        [OrderByEvents] = InQuery(
            "$orderby", JsonSchemaType.String, "The order of the events; by default the newest first.", "at"),
        [Top] = InQuery("$top", JsonSchemaType.Integer, "At most so many.", "10"),
        [Skip] = InQuery("$skip", JsonSchemaType.Integer, "Without the first so many.", "1"),
        [Count] = InQuery("$count", JsonSchemaType.Boolean, "With the number of all that match.", "true"),
        [Select] = InQuery("$select", JsonSchemaType.String, "Only these properties.", "id,keys/kid"),
        [SelectOfKey] = InQuery("$select", JsonSchemaType.String, "Only these members.", "kid,use"),
        [SelectOfEvent] = InQuery("$select", JsonSchemaType.String, "Only these members.", "at,operation"),
        [Expand] = InQuery("$expand", JsonSchemaType.String, "With the keys and their status.", "keys_v2"),
        [ExpandKeySets] = InQuery("$expand", JsonSchemaType.String, "With the key sets.", "keySets($top=10)"),
        [MaxPageSize] = InHeader("Prefer", "The most elements of a page, at most 100.", "maxpagesize=10"),
        [Return] = InHeader("Prefer", "Whether the answer has a body.", "return=representation"),
        [IfMatch] = InHeader("If-Match", "Only if the set still has this ETag.", "*"),
        [IfNoneMatch] = InHeader(
            "If-None-Match",
            "Only if the set does not have this ETag; * for none that is there.",
            "W/\"96f98419090a4d678904f4aa6d050168\""),
    };

    private static OpenApiParameter InPath(string name, string description, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };

    private static OpenApiParameter InQuery(string name, JsonSchemaType type, string description, string sample) =>
        Optional(name, ParameterLocation.Query, type, description, sample);

    private static OpenApiParameter InHeader(string name, string description, string sample) =>
        Optional(name, ParameterLocation.Header, JsonSchemaType.String, description, sample);

    /// <remarks>
    /// The sample is part of the description: web pages that try out an API send every example that they find.
    /// </remarks>
    private static OpenApiParameter Optional(
        string name, ParameterLocation location, JsonSchemaType type, string description, string sample) => new()
        {
            Name = name,
            In = location,
            Description = $"{description} Such as `{sample}`.",
            Schema = new OpenApiSchema { Type = type },
        };
}
