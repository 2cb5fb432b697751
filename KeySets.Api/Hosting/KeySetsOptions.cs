namespace KeySets.Api.Hosting;

/// <summary>The section KeySets of the configuration.</summary>
public sealed class KeySetsOptions
{
    /// <summary>Put in front of the ids that clients choose where it is missing; empty for none.</summary>
    public string IdPrefix { get; set; } = "";
}
