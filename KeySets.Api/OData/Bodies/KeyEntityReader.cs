using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>Reads changes of a key that is addressed by its kid.</summary>
public static class KeyEntityReader
{
    /// <summary>Reads the status that a key is to get.</summary>
    /// <returns>The status; null where it is not to be changed.</returns>
    /// <exception cref="RefusalException">400: another member than the status, an unknown property or a value that is no status.</exception>
    public static TrustFrameworkKeyStatus? ReadStatus(BodyValue body)
    {
        TrustFrameworkKeyStatus? status = null;
        foreach (BodyValue value in body.Properties(KeySetsEdmModel.KeyV2Type))
        {
            // The kid is ignored: the URL says which key it is (OData Protocol section 11.4.3).
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
