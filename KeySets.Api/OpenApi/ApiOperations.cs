using KeySets.Model;
using static KeySets.Api.OpenApi.ApiParameters;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace KeySets.Api.OpenApi;

/// <summary>
/// Every operation of the service, each at one path. OData allows several URLs for a resource: the path is the one with
/// the key as a segment, which every client can write.
/// </summary>
public static class ApiOperations
{
    private const string Root = "/trustFramework";
    private const string Sets = $"{Root}/keySets";
    private const string Set = $"{Sets}/{{id}}";
    private const string Keys = $"{Set}/keys";
    private const string Entities = $"{Set}/keys_v2";
    private const string Entity = $"{Entities}/{{kid}}";

    private const string Events = $"{Root}/{KeySetsEdmModel.AuditEvents}";

    private const string PlainText = "text/plain";

    private static readonly string[] QueryOfSets =
        [Filter, Search, OrderBy, Top, Skip, Count, Select, Expand, MaxPageSize];

    private static readonly string[] QueryOfKeys =
        [FilterKeys, SearchKeys, OrderByKeys, Top, Skip, Count, SelectOfKey, IfNoneMatch];

    private static readonly string[] Changes = [IfMatch, IfNoneMatch, Return];

    /// <summary>The operations in the order in which readers meet them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. Under("Key sets",
            Write("createKeySet", HttpMethod.Post, Sets, "Create a key set", ApiSchemas.KeySet) with
            {
                Description = "Without an id it gets a GUID. "
                    + "Keys of type RSA and oct are checked, others are kept as they are.",
                Statuses = [Status201Created],
                Parameters = [Return],
                Errors = [Status409Conflict],
            },
            Read("listKeySets", Sets, "List key sets", ApiSchemas.KeySets) with { Parameters = QueryOfSets },
            Read("countKeySets", $"{Sets}/$count", "Count key sets", ApiSchemas.Number)
                with { MediaType = PlainText, Parameters = [Filter, Search] },
            Read("getKeySet", Set, "Get a key set", ApiSchemas.KeySet)
                with { Parameters = [Select, Expand, IfNoneMatch, IfMatch] },
            Write("putKeySet", HttpMethod.Put, Set, "Replace a key set, or create it", ApiSchemas.KeySet) with
            {
                Description = "Its keys are replaced as a whole: "
                    + "a key that is sent back as it was read keeps its private members.",
                Statuses = [Status200OK, Status201Created],
                Parameters = Changes,
            },
            Write("updateKeySet", HttpMethod.Patch, Set, "Change a key set, or create it", ApiSchemas.KeySet) with
            {
                Description = "What is not sent stays; keys that are sent replace all that are there.",
                Statuses = [Status200OK, Status201Created],
                Parameters = Changes,
            },
            Delete("deleteKeySet", Set, "Remove a key set"),
            Read("getTrustFramework", Root, "Get the root that contains the key sets", ApiSchemas.TrustFramework)
                with { Parameters = [ExpandKeySets] }),
        .. Under("Operations",
            Action(
                KeySetOperations.GenerateKey,
                "Make a key",
                "An RSA key of 2048 bits or an oct key of 256 bits. Its private part never leaves the service."),
            Action(
                KeySetOperations.UploadSecret, "Add a secret", "It becomes an oct key. The answer does not show it.")
                with { IdParameter = IdOfSecrets },
            Action(
                KeySetOperations.UploadCertificate,
                "Add a certificate",
                "Its public RSA key, with the chain that may follow it."),
            Action(
                KeySetOperations.UploadPkcs12,
                "Add a certificate with its private key",
                "Of a PKCS #12 file (.pfx). The answer shows the public part."),
            Read(
                KeySetOperations.GetActiveKey,
                $"{Set}/{KeySetOperations.GetActiveKey}",
                "Get the key that is in use now",
                ApiSchemas.Key) with
            {
                Description = "Of those that are enabled and valid, the one that became valid last.",
                Parameters = [IfNoneMatch],
            },
            new ApiOperation("getJwks", HttpMethod.Get, $"{Set}/jwks", "Get the published keys")
            {
                Description = "For verifiers, without a token: a JSON Web Key Set (RFC 7517 section 5) of the public "
                    + "RSA keys that are enabled and have not expired.",
                Answer = ApiSchemas.JsonWebKeySet,
                MediaType = "application/jwk-set+json",
                Parameters = [IfNoneMatch],
            }),
        .. Under("Keys of a set",
            Read("listKeys", Entities, "List the keys of a set with their status", ApiSchemas.KeyEntities)
                with { Parameters = QueryOfKeys },
            Read("countKeys", $"{Entities}/$count", "Count the keys of a set with a status", ApiSchemas.Number)
                with { MediaType = PlainText, Parameters = [FilterKeys, SearchKeys] },
            Read("getKey", Entity, "Get a key with its status", ApiSchemas.KeyEntity)
                with { Parameters = [SelectOfKey, IfNoneMatch] },
            Write("updateKey", HttpMethod.Patch, Entity, "Enable or disable a key", ApiSchemas.KeyStatusChange) with
            {
                Description = "A disabled key is kept and shown, but never active and never published.",
                Statuses = [Status204NoContent],
                Answer = null,
                Parameters = [IfMatch],
            },
            Delete("deleteKey", Entity, "Remove a key"),
            Read("getKeysOfKeySet", Keys, "Get the keys of a set as they are in it", ApiSchemas.Keys)
                with { Parameters = QueryOfKeys },
            Read("countKeysOfKeySet", $"{Keys}/$count", "Count the keys of a set as they are in it", ApiSchemas.Number)
                with { MediaType = PlainText, Parameters = [FilterKeys, SearchKeys] },
            Write("putKeysOfKeySet", HttpMethod.Put, Keys, "Replace the keys of a set", ApiSchemas.Keys)
                with { Parameters = Changes },
            Write("addKeyToKeySet", HttpMethod.Post, Keys, "Add a key to a set", ApiSchemas.Key) with
            {
                Description = "At its end. The answer shows all of its keys.",
                Answer = ApiSchemas.Keys,
                Parameters = [IfMatch, Return],
            },
            Delete("deleteKeysOfKeySet", Keys, "Remove all keys of a set") with { IsGone = false }),
        .. Under("Audit",
            Read("listAuditEvents", Events, "List what happened to the key sets", ApiSchemas.AuditEvents) with
            {
                Description = "Each change, and each request that was refused for lack of a permission.",
                Permission = Permissions.ReadAudit,
                Parameters = [FilterEvents, OrderByEvents, Top, Skip, Count, SelectOfEvent, MaxPageSize],
            },
            Read("countAuditEvents", $"{Events}/$count", "Count audit events", ApiSchemas.Number) with
            {
                MediaType = PlainText,
                Permission = Permissions.ReadAudit,
                Parameters = [FilterEvents],
            }),
        .. Under("Service",
            Write("batch", HttpMethod.Post, "/$batch", "Send several requests in one", ApiSchemas.Batch) with
            {
                Description = "Requests with the same atomicityGroup are all done or none. "
                    + "Each is authorised by itself.",
                Permission = Permissions.Read,
                Answer = ApiSchemas.BatchAnswer,
            },
            Anonymous("getServiceDocument", "/", "Get the service document", ApiSchemas.ServiceDocument),
            Anonymous("getMetadata", "/$metadata", "Get the entity data model (CSDL)", ApiSchemas.Csdl)
                with { MediaType = "application/xml" },
            Anonymous("isLive", "/health/live", "Ask whether the process answers", ApiSchemas.Word)
                with { MediaType = PlainText },
            Anonymous("isReady", "/health/ready", "Ask whether the service can do its work", ApiSchemas.Word) with
            {
                MediaType = PlainText,
                Errors = [Status503ServiceUnavailable],
            }),
    ];

    private static IEnumerable<ApiOperation> Under(string tag, params ApiOperation[] operations) =>
        operations.Select(operation => operation with { Tag = tag });

    private static ApiOperation Anonymous(string id, string path, string summary, string answer) =>
        new(id, HttpMethod.Get, path, summary) { Answer = answer };

    private static ApiOperation Read(string id, string path, string summary, string answer) =>
        new(id, HttpMethod.Get, path, summary) { Permission = Permissions.Read, Answer = answer };

    private static ApiOperation Write(string id, HttpMethod method, string path, string summary, string schema) =>
        new(id, method, path, summary) { Permission = Permissions.ReadWrite, Body = schema, Answer = schema };

    private static ApiOperation Delete(string id, string path, string summary) =>
        new(id, HttpMethod.Delete, path, summary)
        {
            Permission = Permissions.ReadWrite,
            Statuses = [Status204NoContent],
            Parameters = [IfMatch],
            IsGone = true,
        };

    private static ApiOperation Action(string name, string summary, string description) =>
        new(name, HttpMethod.Post, $"{Set}/{name}", summary)
        {
            Description = description,
            Permission = Permissions.ReadWrite,
            Body = ApiSchemas.ParametersOf(name),
            Answer = ApiSchemas.Key,
            Errors = [Status429TooManyRequests],
            Parameters = [IfMatch],
        };
}
