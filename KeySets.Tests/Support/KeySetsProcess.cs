using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>The service as a process of its own, on a free port, with its data below a folder.</summary>
public sealed partial class KeySetsProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<string> _firstCommand =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts the service.</summary>
    /// <param name="contentRoot">The folder of its data.</param>
    /// <param name="environment">Development or Production.</param>
    /// <param name="settings">Settings as arguments, such as <c>--KeySets:IdPrefix=x</c>.</param>
    /// <param name="environmentVariables">Settings as environment variables.</param>
    /// <param name="parent">A shell that starts it and passes SIGTERM on; null if the tests start it directly.</param>
    public KeySetsProcess(
        string contentRoot,
        string environment,
        string[]? settings = null,
        Dictionary<string, string>? environmentVariables = null,
        string? parent = null)
    {
        string[] command =
        [
            "dotnet", ProgramFile, "--contentRoot", contentRoot, "--environment", environment,
            "--urls", "http://127.0.0.1:0", .. settings ?? [],
        ];
        string[] all = parent is null
            ? command
            : [parent, "-c", "\"$@\" & trap \"kill -TERM $!\" TERM; wait $!; wait $!", "sh", .. command];
        ProcessStartInfo start = StartOf(contentRoot, all);
        foreach ((string name, string value) in environmentVariables ?? [])
        {
            start.Environment[name] = value;
        }

        _process = Start(start);
    }

    private KeySetsProcess(ProcessStartInfo start) => _process = Start(start);

    /// <summary>Everything that it has printed.</summary>
    public string Output => string.Join('\n', _output);

    private static string ProgramFile => Path.Combine(TestContext.CurrentContext.TestDirectory, "KeySets.Api.dll");

    /// <summary>Starts the service by a command, as a person does.</summary>
    /// <param name="folder">The working directory of the command.</param>
    /// <param name="command">The command, for a POSIX shell.</param>
    public static KeySetsProcess ByCommand(string folder, string command) =>
        new(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder });

    /// <summary>Starts a command of the program.</summary>
    /// <param name="contentRoot">The folder of its data.</param>
    /// <param name="arguments">The command, its file, and settings.</param>
    public static KeySetsProcess OfCommand(string contentRoot, params string[] arguments) =>
        new(StartOf(contentRoot, ["dotnet", ProgramFile, .. arguments, "--contentRoot", contentRoot]));

    /// <summary>Starts a command of the program in a process that can write no larger file.</summary>
    /// <param name="contentRoot">The folder of its data.</param>
    /// <param name="blocks">The size in blocks of 512 bytes, or of 1024 in some shells.</param>
    /// <param name="arguments">The command, its file, and settings.</param>
    public static KeySetsProcess OfCommandWithin(string contentRoot, int blocks, params string[] arguments)
    {
        ProcessStartInfo start = StartOf(
            contentRoot,
            [
                "/bin/sh", "-c", $"trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"", "sh",
                "dotnet", ProgramFile, .. arguments, "--contentRoot", contentRoot,
            ]);
        // .NET would keep what it compiles in a file that is larger.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new KeySetsProcess(start);
    }

    /// <summary>The curl command that it prints in Development once it listens.</summary>
    public async Task<string> FirstCommandAsync() => await _firstCommand.Task.WaitAsync(Patience);

    /// <summary>The URL that it listens on, once it does.</summary>
    public async Task<Uri> AddressAsync() => await _address.Task.WaitAsync(Patience);

    /// <summary>A client with the URL that it listens on and the token that it has printed.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        Match match = CommandPattern().Match(await FirstCommandAsync());
        HttpClient client = new() { BaseAddress = new Uri(match.Groups["root"].Value) };
        client.DefaultRequestHeaders.Add("Authorization", match.Groups["authorization"].Value);
        return client;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>
    /// The names of all files that it has mapped, on Linux. .NET maps every assembly that it loads from a file.
    /// </summary>
    public string[] MappedFiles() =>
    [
        .. File.ReadLines($"/proc/{_process.Id}/maps")
            .Select(line => Path.GetFileName(line))
            .Distinct(),
    ];

    /// <summary>Asks it to end by SIGTERM, as systemd and container engines do.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    /// <summary>Kills it without a warning.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // The process can be a shell, with the service as its child.
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartOf(string contentRoot, string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]);
        // .NET looks for user secrets below this path. It must not find those of this machine's developer.
        start.Environment["APPDATA"] = contentRoot;
        return start;
    }

    private Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            if (AddressPattern().Match(line) is { Success: true } match)
            {
                _address.TrySetResult(new Uri(match.Groups["address"].Value));
            }

            if (line.StartsWith("curl ", StringComparison.Ordinal))
            {
                _firstCommand.TrySetResult(line);
            }
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex AddressPattern();

    [GeneratedRegex(
        @"(?<root>http://127\.0\.0\.1:\d+)/.*'Authorization: (?<authorization>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex CommandPattern();
}
