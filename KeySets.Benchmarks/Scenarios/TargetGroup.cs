namespace KeySets.Benchmarks.Scenarios;

/// <summary>Targets that are measured together and end together.</summary>
internal sealed class TargetGroup : IAsyncDisposable
{
    private readonly List<Target> _targets = [];

    /// <summary>The targets.</summary>
    public IReadOnlyList<Target> All => _targets;

    /// <summary>Adds a target.</summary>
    public void Add(Target target) => _targets.Add(target);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (Target target in _targets)
        {
            await target.Server.DisposeAsync();
        }
    }
}
