using System.Diagnostics.CodeAnalysis;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Scenarios;

/// <summary>Draws from requests that were built before, so that a request costs the client nothing.</summary>
/// <param name="all">The requests to draw from.</param>
/// <param name="mark">What the body of each answer has.</param>
/// <param name="times">How often it has it.</param>
internal sealed class RandomRequests(IReadOnlyList<byte[]> all, string mark = "", int times = 0) : Requests
{
    private readonly byte[] _mark = System.Text.Encoding.UTF8.GetBytes(mark);
    private byte[] _last = all[0];

    /// <inheritdoc />
    [SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    public override ReadOnlySpan<byte> Next() => _last = all[Random.Shared.Next(all.Count)];

    /// <inheritdoc />
    public override void Read(Answer answer)
    {
        // A batch whose parts have failed is a 200 too, and so is a filter that finds nothing.
        ReadOnlySpan<byte> body = answer.Body;
        for (int found = 0; found < times; found++)
        {
            int next = body.IndexOf(_mark);
            body = next < 0 ? throw Connection.Unexpected(_last, answer) : body[(next + _mark.Length)..];
        }
    }
}
