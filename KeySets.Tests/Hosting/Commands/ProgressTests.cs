using KeySets.Api.Hosting.Commands;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>The line that tells how far a command is.</summary>
public sealed class ProgressTests
{
    [Test]
    public async Task Changes_one_line_on_a_terminal_and_ends_it()
    {
        await using StringWriter output = new();
        Progress progress = new(output, isTerminal: true);

        progress.Report(1, 4000);
        await Task.Delay(150);
        progress.Report(1000, 4000);
        progress.Report(2000, 4000);
        progress.Report(4000, 4000);
        progress.End();
        progress.End();

        Assert.That(output.ToString(), Is.EqualTo($"\r1,000 of 4,000 sets\r4,000 of 4,000 sets{output.NewLine}"));
    }

    [Test]
    public async Task Writes_whole_lines_elsewhere_and_none_for_what_is_done_at_once()
    {
        await using StringWriter output = new();
        Progress progress = new(output, isTerminal: false);

        progress.Report(4000, 4000);
        progress.End();
        Assert.That(output.ToString(), Is.Empty);

        await Task.Delay(2100);
        progress.Report(2000, 4000);
        progress.End();
        Assert.That(output.ToString(), Is.EqualTo($"2,000 of 4,000 sets{output.NewLine}"));
    }
}
