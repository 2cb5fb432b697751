using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace KeySets.Api.Capacity;

/// <summary>
/// Runs work that holds its thread for long on a thread of its own. The threads of the pool are few, and every request
/// needs one.
/// </summary>
public static class OwnThread
{
    private const int OfThread = 0;
    private const int Caller = 0;
    private const int Nice = 10;

    /// <summary>Runs some work. What follows it runs on the pool again.</summary>
    /// <param name="work">The work.</param>
    /// <param name="givesWay">Whether it gives way to all other threads, those of other programs included.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, bool givesWay)
    {
        TaskCompletionSource<Task<T>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            if (givesWay)
            {
                LowerPriority();
            }

            done.SetResult(StartAsync(work));
        })
        {
            IsBackground = true,
            Name = nameof(OwnThread),
        };
        thread.Start();
        return await await done.Task;
    }

    /// <summary>Runs some work without a result.</summary>
    /// <inheritdoc cref="RunAsync{T}" />
    public static Task RunAsync(Func<Task> work, bool givesWay) => RunAsync(
        async () =>
        {
            await work();
            return true;
        },
        givesWay);

    private static async Task<T> StartAsync<T>(Func<Task<T>> work) => await work();

    /// <remarks>
    /// .NET sets no priorities on Linux. There each thread has a nice value, which nobody but the superuser can take
    /// back: no thread of a pool can get it.
    /// </remarks>
    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
        {
            // If it fails, the work has the priority of all other.
            _ = SetPriority(OfThread, Caller, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    /// <summary><c>setpriority</c>, which on Linux is about one thread (man 2 setpriority).</summary>
    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressMessage(
        "Interoperability", "SYSLIB1054", Justification =
            "Generated marshalling would need unsafe code in the whole project.")]
    private static extern int SetPriority(int which, int who, int priority);
}
