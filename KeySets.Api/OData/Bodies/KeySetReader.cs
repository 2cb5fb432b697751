using System.Collections.Frozen;
using System.Text.Json;
using KeySets.Api.Keys;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>A key set from a request.</summary>
/// <param name="Id">The id; null if the request has none.</param>
/// <param name="Keys">The keys, not checked yet; null if the request has none.</param>
public sealed record KeySetBody(string? Id, IList<TrustFrameworkKey>? Keys);

/// <summary>Reads key sets from OData JSON 4.0 and 4.01. Refuses members that the types do not have.</summary>
public static class KeySetReader
{
    private const string KeysType = $"Collection({KeySetsEdmModel.KeyType})";

    private static readonly FrozenDictionary<string, Action<TrustFrameworkKey, BodyValue>> Members =
        new Dictionary<string, Action<TrustFrameworkKey, BodyValue>>(StringComparer.Ordinal)
        {
            ["k"] = (key, value) => key.K = value.OptionalText(),
            ["x5c"] = (key, value) => AddTexts(key.X5c, value),
            ["x5t"] = (key, value) => key.X5t = value.OptionalText(),
            ["kty"] = (key, value) => key.Kty = value.OptionalText(),
            ["use"] = (key, value) => key.Use = value.OptionalText(),
            ["exp"] = (key, value) => key.Exp = value.OptionalNumber(),
            ["nbf"] = (key, value) => key.Nbf = value.OptionalNumber(),
            ["kid"] = (key, value) => key.Kid = value.OptionalText(),
            ["e"] = (key, value) => key.E = value.OptionalText(),
            ["n"] = (key, value) => key.N = value.OptionalText(),
            ["d"] = (key, value) => key.D = value.OptionalText(),
            ["p"] = (key, value) => key.P = value.OptionalText(),
            ["q"] = (key, value) => key.Q = value.OptionalText(),
            ["dp"] = (key, value) => key.Dp = value.OptionalText(),
            ["dq"] = (key, value) => key.Dq = value.OptionalText(),
            ["qi"] = (key, value) => key.Qi = value.OptionalText(),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a key has a member of this name.</summary>
    public static bool IsMember(string name) => Members.ContainsKey(name);

    /// <summary>Reads a key set.</summary>
    /// <exception cref="RefusalException">400: an unknown property, a wrong type or a wrong null.</exception>
    public static KeySetBody Read(BodyValue body)
    {
        KeySetBody set = new(Id: null, Keys: null);
        foreach (BodyValue value in body.Properties(KeySetsEdmModel.KeySetType))
        {
            set = value.Name switch
            {
                "id" => set with { Id = value.OptionalText() },
                "keys" => set with { Keys = value.IsNull ? null : ReadKeys(value) },
                // Clients write null for every member that is not set.
                "keys_v2" => value.IsNull ? set : throw Refusal.NotInsertable(value.Path),
                _ => throw Refusal.UnknownMember(value.Path, KeySetsEdmModel.KeySetType),
            };
        }

        return set;
    }

    /// <summary>Reads the keys of a set as a property: <c>{"value": […]}</c> (OData JSON section 11).</summary>
    /// <exception cref="RefusalException">400: no value, an unknown property, a wrong type or a wrong null.</exception>
    public static IList<TrustFrameworkKey> ReadValue(BodyValue body)
    {
        IList<TrustFrameworkKey>? keys = null;
        foreach (BodyValue value in body.Properties(KeysType))
        {
            keys = value.Name == "value" ? ReadKeys(value) : throw Refusal.UnknownMember(value.Path, KeysType);
        }

        return keys ?? throw Refusal.WrongJsonType("value", KeysType);
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="RefusalException">400: an unknown property, a wrong type or a wrong null.</exception>
    public static TrustFrameworkKey ReadKey(BodyValue body)
    {
        TrustFrameworkKey key = new();
        RegisteredMembers registered = new();
        foreach (BodyValue value in body.Properties(KeySetsEdmModel.KeyType))
        {
            if (Members.TryGetValue(value.Name, out Action<TrustFrameworkKey, BodyValue>? read))
            {
                read(key, value);
            }
            else
            {
                ReadRegistered(registered, value);
            }
        }

        registered.Check(key, body.Path);
        return key;
    }

    private static void ReadRegistered(RegisteredMembers members, BodyValue value)
    {
        switch (value.Name)
        {
            case "alg":
                members.Alg = value.OptionalText();
                break;
            case "key_ops":
                AddTexts(members.KeyOps, value);
                break;
            case "x5t#S256":
                members.X5tS256 = value.OptionalText();
                break;
            case "x5u":
                value.OptionalText();
                break;
            case "ext":
                value.OptionalFlag();
                break;
            case "oth" when value.IsNull:
                break;
            case "oth":
                throw Refusal.MultiplePrimes(value.Path);
            default:
                throw Refusal.UnknownMember(value.Path, KeySetsEdmModel.KeyType);
        }
    }

    private static List<TrustFrameworkKey> ReadKeys(BodyValue body)
    {
        // A body of 1 MiB can hold some 350,000 empty objects: refuse them before making keys of them.
        if (body.Json.ValueKind == JsonValueKind.Array && body.Json.GetArrayLength() > Limits.KeysOfSet)
        {
            throw Refusal.TooManyKeys(body.Path, Limits.KeysOfSet);
        }

        return [.. body.Elements(KeySetsEdmModel.KeyType).Select(ReadKey)];
    }

    private static void AddTexts(IList<string> texts, BodyValue body)
    {
        // Clients write null for every member that a key does not have.
        if (!body.IsNull)
        {
            foreach (BodyValue value in body.Elements("Edm.String"))
            {
                texts.Add(value.Text());
            }
        }
    }
}
