using System.Diagnostics;
using System.Runtime.InteropServices;
using KvStore.Cli.Nodes;

namespace KvStore.Cli.LocalCluster;

/// <summary>Starts, watches and stops the process of one local node.</summary>
internal static partial class NodeProcess
{
    public const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    /// <summary>Starts the node in a session of its own, so that it outlives this terminal; its output goes to its log.</summary>
    /// <param name="init">The cluster is new: an empty data directory is whole.</param>
    public static LocalNode Start(ClusterDirectory directory, LocalNode node, bool init)
    {
        // sh and setsid both exec: the process id is the node's own.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh",
        [
            "-c", "exec setsid dotnet \"$0\" --config \"$1\" $3 >>\"$2\" 2>&1 </dev/null",
            ServerProgram.Path, directory.ConfigFile(node), directory.LogFile(node), init ? "--init" : "",
        ]))!;
        var stat = ProcessStat.Of(process.Id)
            ?? throw new CliException(ExitCode.Failed, $"node {node.Index} ended at once; its log says why:\n{LogTail(directory, node)}");
        return node with { Pid = process.Id, ProcessStarted = stat.Started };
    }

    public static bool IsRunning(LocalNode node) =>
        node.Pid != 0 && ProcessStat.Of(node.Pid) is { IsZombie: false } stat && stat.Started == node.ProcessStarted;

    public static async Task WaitUntilReady(
        ClusterDirectory directory, LocalNode node, DoorKeys keys, CancellationToken cancelled)
    {
        using var http = keys.NewClient($"127.0.0.1:{node.HttpPort}", timeout: TimeSpan.FromSeconds(2));
        var address = new Uri("/health/ready", UriKind.Relative);
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < ReadyWithin)
        {
            if (!IsRunning(node))
                throw new CliException(ExitCode.Failed,
                    $"node {node.Index} ended before it was ready; its log says why:\n{LogTail(directory, node)}");
            if (await Answers(http, address, cancelled)) return;
            await Task.Delay(50, cancelled);
        }
        throw new CliException(ExitCode.Failed,
            $"node {node.Index} was not ready in {ReadyWithin.TotalSeconds} s and was stopped; its log:\n{LogTail(directory, node)}");
    }

    public static void AskToStop(LocalNode node) => Signal(node.Pid, SigTerm);

    /// <summary>False when the node had to be killed.</summary>
    public static bool Stop(LocalNode node, TimeSpan patience)
    {
        AskToStop(node);
        var waited = Stopwatch.StartNew();
        while (IsRunning(node) && waited.Elapsed < patience) Thread.Sleep(20);
        if (!IsRunning(node)) return true;
        Signal(node.Pid, SigKill);
        return false;
    }

    /// <summary>A process that has gone meanwhile is what we wanted, so the result says nothing.</summary>
    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    private static async Task<bool> Answers(HttpClient http, Uri address, CancellationToken cancelled)
    {
        try
        {
            using var answer = await http.GetAsync(address, cancelled);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return false;
        }
    }

    public static string LogTail(ClusterDirectory directory, LocalNode node) =>
        File.Exists(directory.LogFile(node)) ? string.Join('\n', File.ReadLines(directory.LogFile(node)).TakeLast(15)) : "(no log)";

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
