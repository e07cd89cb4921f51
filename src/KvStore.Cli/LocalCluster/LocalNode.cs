namespace KvStore.Cli.LocalCluster;

/// <summary>One node of the local cluster: who it is, where it listens, and which process it is in (0: none).</summary>
/// <param name="ProcessStarted">When the process started, in ticks: a recycled process id is not mistaken for the node.</param>
public sealed record LocalNode(int Index, string Id, int RemotingPort, int RespPort, int HttpPort, int Pid, long ProcessStarted);
