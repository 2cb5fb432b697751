using System.Diagnostics;

namespace KeySets.Benchmarks.Servers;

/// <summary>Publishes the service of this repository.</summary>
internal static class ServiceBuild
{
    /// <summary>Publishes it into a folder, as <c>docs/operating.md</c> says.</summary>
    /// <exception cref="BenchmarkException">It cannot be built.</exception>
    public static async Task PublishAsync(string folder, CancellationToken cancellationToken)
    {
        string project = Path.Combine(Repository(), "KeySets.Api");
        ProcessStartInfo start = new("dotnet", ["publish", project, "-c", "Release", "-o", folder])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new BenchmarkException(output);
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Repository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "KeySets.sln")))
            {
                return folder;
            }
        }

        throw new BenchmarkException("The benchmarks publish the service: run them within the repository.");
    }
}
