using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>A symmetric key that a set must have. Its secret follows from its kid, so that it can be checked.</summary>
/// <param name="Kid">Its kid, which no other key of the ledger has.</param>
/// <param name="IsDisabled">Whether it is disabled.</param>
public sealed record LedgerKey(string Kid, bool IsDisabled = false)
{
    /// <summary>The value of <c>k</c>.</summary>
    public string Secret => SampleKeys.Text(SHA256.HashData(Encoding.UTF8.GetBytes(Kid)));

    /// <summary>The key in a request.</summary>
    public JsonObject ToJson() => new() { ["kty"] = "oct", ["use"] = "sig", ["kid"] = Kid, ["k"] = Secret };

    /// <inheritdoc />
    public override string ToString() => IsDisabled ? $"{Kid}(disabled)" : Kid;
}
