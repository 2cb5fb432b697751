using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>The kinds of requests about key sets.</summary>
public enum Verb
{
    Create,
    Patch,
    Put,
    Delete,
    PutKeys,
    AppendKey,
    DeleteKeys,
    Get,
    List,
    Count,
    CountKeys,
    GetEntities,
    Disable,
    Enable,
    RemoveKey,
}

/// <summary>A request about key sets, before it is written as HTTP.</summary>
/// <param name="Verb">The kind of request.</param>
/// <param name="Id">The id of its set; null if it is about no single set, or if the service chooses the id.</param>
/// <param name="Keys">The keys that it carries, exactly one to append; null if it carries none.</param>
/// <param name="Precondition">The state that it demands of the stored set; null for any state.</param>
/// <param name="Kid">The kid of its key; null if it is about no single key.</param>
public sealed record KeySetOperation(
    Verb Verb,
    string? Id = null,
    IReadOnlyList<ModelKey>? Keys = null,
    Precondition? Precondition = null,
    string? Kid = null)
{
    /// <summary>Whether it changes nothing.</summary>
    public bool IsRead => Verb is Verb.Get or Verb.List or Verb.Count or Verb.CountKeys or Verb.GetEntities;

    /// <summary>Whether it is about a single key.</summary>
    public bool IsAboutKey => Verb is Verb.Disable or Verb.Enable or Verb.RemoveKey;

    /// <summary>Its method.</summary>
    public HttpMethod Method => Verb switch
    {
        Verb.Create or Verb.AppendKey => HttpMethod.Post,
        Verb.Patch or Verb.Disable or Verb.Enable => HttpMethod.Patch,
        Verb.Put or Verb.PutKeys => HttpMethod.Put,
        Verb.Delete or Verb.DeleteKeys or Verb.RemoveKey => HttpMethod.Delete,
        _ => HttpMethod.Get,
    };

    /// <summary>Its path.</summary>
    public string Path => Verb switch
    {
        Verb.Create or Verb.List => HttpExtensions.KeySets,
        Verb.Count => $"{HttpExtensions.KeySets}/$count",
        Verb.CountKeys => $"{HttpExtensions.KeySets}('{Id}')/keys/$count",
        Verb.PutKeys or Verb.AppendKey or Verb.DeleteKeys => $"{HttpExtensions.KeySets}('{Id}')/keys",
        Verb.GetEntities => $"{HttpExtensions.KeySets}('{Id}')/keys_v2",
        Verb.Disable or Verb.Enable or Verb.RemoveKey => $"{HttpExtensions.KeySets}('{Id}')/keys_v2('{Kid}')",
        _ => $"{HttpExtensions.KeySets}('{Id}')",
    };

    /// <summary>Its body; null if it has none. Each call creates a new one, as a JSON node has one parent.</summary>
    public JsonObject? Body()
    {
        JsonArray? keys = Keys is null ? null : [.. Keys.Select(key => key.ToJson())];
        return Verb switch
        {
            Verb.Create when Id is not null => WithKeys(new JsonObject { ["id"] = Id }, keys),
            Verb.Create or Verb.Patch or Verb.Put => WithKeys([], keys),
            Verb.PutKeys => new JsonObject { ["value"] = keys },
            Verb.AppendKey => Keys![0].ToJson(),
            Verb.Disable => new JsonObject { ["status"] = "disabled" },
            Verb.Enable => new JsonObject { ["status"] = "enabled" },
            _ => null,
        };
    }

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Path} {Precondition} {Body()?.ToJsonString()}";

    private static JsonObject WithKeys(JsonObject set, JsonArray? keys)
    {
        if (keys is not null)
        {
            set["keys"] = keys;
        }

        return set;
    }
}
