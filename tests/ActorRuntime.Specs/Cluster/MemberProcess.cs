using System.Diagnostics;

namespace ActorRuntime.Specs.Clustering;

/// <summary>A <see cref="MemberProgram"/> in a process of its own, as the one who started it sees it: lines, and no more.</summary>
internal sealed class MemberProcess : IDisposable
{
    private readonly Process _process;

    private MemberProcess(Process process, string port, string uid) => (_process, Port, Uid) = (process, port, uid);

    internal string Port { get; }

    internal string Uid { get; }

    /// <param name="port">0: a free one.</param>
    /// <param name="seed">By whom it joins; null: itself.</param>
    internal static async Task<MemberProcess> Start(string port = "0", MemberProcess? seed = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] seeds = seed is null ? [] : [seed.Port];
        var process = Process.Start(new ProcessStartInfo(dotnet,
            ["exec", typeof(MemberProcess).Assembly.Location, MemberProgram.Command, port, .. seeds])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var first = await Line(process, ClusterNode.Patience);
            return first?.Split(' ') is ["listening", var bound, var uid]
                ? new MemberProcess(process, bound, uid)
                : throw new InvalidOperationException($"A member did not start, it said '{first}'.");
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>
    /// What it is told about one member (and its other incarnation) from now on, in order, up to the last of these lines.
    /// </summary>
    /// <param name="within">How long that may take, all together.</param>
    internal Task<string[]> Story(TimeSpan within, string last, params MemberProcess[] about) => Story(within, [last], about);

    /// <inheritdoc cref="Story(TimeSpan, string, MemberProcess[])"/>
    internal async Task<string[]> Story(TimeSpan within, string[] last, params MemberProcess[] about)
    {
        var started = TimeProvider.System.GetTimestamp();
        var story = new List<string>();
        while (!last.All(story.Contains))
        {
            var left = within - TimeProvider.System.GetElapsedTime(started);
            string? line;
            try
            {
                line = await Line(_process, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(
                    $"{Port} was not told '{string.Join("' and '", last)}' within {within}, but [{string.Join(", ", story)}].");
            }
            if (line is null)
                throw new InvalidOperationException($"{Port} has ended; it was told [{string.Join(", ", story)}].");
            if (about.Any(member => member.IsMeantBy(line)))
                story.Add(line);
        }
        return [.. story];
    }

    /// <summary>Waits until it has been told of each of these, in any order, that it is Up.</summary>
    internal async Task AllUp(params MemberProcess[] members)
    {
        var missing = members.Select(member => member.Said("MemberUp")).ToHashSet();
        while (missing.Count > 0)
            missing.Remove(await Line(_process, ClusterNode.Patience) ?? throw new InvalidOperationException($"{Port} has ended."));
    }

    /// <summary>The line about this member.</summary>
    internal string Said(string happened) => $"{happened} {Port} {Uid}";

    internal bool IsMeantBy(string line) => line.EndsWith(Said(""), StringComparison.Ordinal);

    internal void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>SIGKILL.</summary>
    internal void Kill() => _process.Kill();

    internal async Task<int> Ended(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static Task<string?> Line(Process process, TimeSpan within) => process.StandardOutput.ReadLineAsync().WaitAsync(within);
}
