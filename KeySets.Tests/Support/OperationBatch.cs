namespace KeySets.Tests.Support;

/// <summary>The format in which operations are sent.</summary>
public enum BatchFormat
{
    /// <summary>One operation, as a request of its own.</summary>
    None,
    Json,
    Multipart,
}

/// <summary>Operations of a batch that succeed or fail together, or a single operation.</summary>
public sealed record OperationGroup(bool IsAtomic, IReadOnlyList<KeySetOperation> Operations);

/// <summary>The operations of one HTTP request.</summary>
public sealed record OperationBatch(BatchFormat Format, IReadOnlyList<OperationGroup> Groups)
{
    /// <summary>One operation, as a request of its own.</summary>
    public static OperationBatch Of(KeySetOperation operation) =>
        new(BatchFormat.None, [new OperationGroup(IsAtomic: false, [operation])]);

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', Groups.Select(group =>
        $"{Format}{(group.IsAtomic ? ", all or nothing" : "")}\n  {string.Join("\n  ", group.Operations)}"));
}
