namespace KeySets.Benchmarks.Load;

/// <summary>The requests of one connection.</summary>
internal abstract class Requests
{
    /// <summary>The bytes of the next request, valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Next();

    /// <summary>Takes notice of an answer that has the expected status.</summary>
    public virtual void Read(Answer answer)
    {
    }
}
