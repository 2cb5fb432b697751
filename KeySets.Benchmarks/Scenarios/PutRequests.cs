using System.Diagnostics.CodeAnalysis;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Scenarios;

/// <summary>
/// Replaces sets that no other connection replaces, each time with the entity tag of the last answer: a client that
/// sends stale tags would measure refusals.
/// </summary>
internal sealed class PutRequests : Requests
{
    private readonly Target _target;
    private readonly int[] _numbers;
    private readonly string[] _tags;
    private int _current;

    /// <summary>Reads the present tags of some sets.</summary>
    public PutRequests(Target target, int[] numbers)
    {
        _target = target;
        _numbers = numbers;
        using Connection connection = new(target.Server.Port);
        _tags = [.. numbers.Select(number => TagOf(connection, target, number))];
    }

    /// <inheritdoc />
    [SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    public override ReadOnlySpan<byte> Next()
    {
        _current = Random.Shared.Next(_numbers.Length);
        return _target.Send(
            "PUT", Target.PathOf(_numbers[_current]), Bodies.Set, $"If-Match: {_tags[_current]}\r\n");
    }

    /// <inheritdoc />
    public override void Read(Answer answer) => _tags[_current] = answer.EntityTag();

    /// <summary>The entity tag of a set.</summary>
    public static string TagOf(Connection connection, Target target, int number) =>
        connection.Send(target.Get(Target.PathOf(number)), status: 200).EntityTag();
}
