using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>Reads changes to a key that the URL addresses by its kid.</summary>
public static class KeyEntityReader
{
    /// <summary>Reads the new status of a key.</summary>
    /// <returns>The status; null if it stays the same.</returns>
    /// <exception cref="RefusalException">400: another member, an unknown property or a bad status.</exception>
    public static TrustFrameworkKeyStatus? ReadStatus(BodyValue body)
    {
        TrustFrameworkKeyStatus? status = null;
        foreach (BodyValue value in body.Properties(KeySetsEdmModel.KeyV2Type))
        {
            // The kid is ignored: the URL names the key (OData Protocol section 11.4.3).
            status = value.Name switch
            {
                "status" => Status(value),
                "kid" => status,
                _ when KeySetReader.IsMember(value.Name) => throw Refusal.ReadOnlyMember(value.Path),
                _ => throw Refusal.UnknownMember(value.Path, KeySetsEdmModel.KeyV2Type),
            };
        }

        return status;
    }

    private static TrustFrameworkKeyStatus Status(BodyValue value) => value.OptionalText() switch
    {
        "enabled" => TrustFrameworkKeyStatus.Enabled,
        "disabled" => TrustFrameworkKeyStatus.Disabled,
        _ => throw Refusal.BadStatus(value.Path),
    };
}
