namespace KvStore.Benchmarks.Actors;

/// <summary>What is measured, and for how long.</summary>
internal sealed record Plan(
    TimeSpan Length, TimeSpan WarmUp, int Payload, int Outstanding, bool Local, bool Remote, bool Socket, bool IdleCluster)
{
    internal static Plan From(Options options)
    {
        var only = options.Text("only");
        if (only is not ("all" or "local" or "remote" or "socket" or "idle-cluster"))
            throw new UsageException($"--only must be all, local, remote, socket or idle-cluster, not '{only}'.");
        return new Plan(
            TimeSpan.FromSeconds(options.Number("seconds", 1, 3600)), TimeSpan.FromSeconds(options.Number("warmup", 0, 3600)),
            options.Number("payload", 1, 100_000), options.Number("outstanding", 1, 100_000),
            only is "all" or "local", only is "all" or "remote", only is "all" or "socket",
            only is "all" or "idle-cluster");
    }
}
