using KeySets.Api.Data;
using KeySets.Api.Data.Audit;
using KeySets.Model;

namespace KeySets.Tests.Support;

/// <summary>What tests below the API give to the rows beside a change.</summary>
public static class SampleEvents
{
    /// <summary>Who asks for the change.</summary>
    public static Author Author { get; } = new("subject", "application", "issuer", "TEST /", $"{Guid.Empty}");

    /// <summary>The event of a change of a set.</summary>
    public static AuditEvent Of(TrustFrameworkKeySet set) =>
        Author.Event(AuditOperations.UpdateKey, set.Id, [], TimeProvider.System);

    /// <summary>A set that is to be added, whose keys have no private members.</summary>
    public static NewSet New(TrustFrameworkKeySet set) =>
        new(StoredSet.Of(set, new byte[]?[set.Keys.Count]), Of(set));
}
