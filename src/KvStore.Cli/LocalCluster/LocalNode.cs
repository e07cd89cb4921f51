using System.Text.Json.Serialization;

namespace KvStore.Cli.LocalCluster;

/// <summary>One node of the local cluster: who it is, where it listens, and which process it is in (0: none).</summary>
/// <param name="ProcessStarted">When the process started, in ticks: a recycled process id is not mistaken for the node.</param>
public sealed record LocalNode(int Index, string Id, int RemotingPort, int RespPort, int HttpPort, int Pid, long ProcessStarted)
{
    /// <summary>How far a node's console is from its HTTP door.</summary>
    private const int ConsoleShift = 9109 - 8079;

    [JsonIgnore]
    public int ConsolePort => HttpPort + ConsoleShift;

    /// <summary>Whom it asks to be let in, HOST:PORT of remoting; empty for a founder.</summary>
    public string Seed { get; init; } = "";

    /// <summary>Whether it has been a member of a ring; a founder is one from the start.</summary>
    public bool IsAdmitted { get; init; } = true;

    /// <summary>Whether the ring has been told to do without it: it is not started again.</summary>
    public bool IsRetired { get; init; }

    /// <summary>Whether it was there when the cluster began.</summary>
    public bool IsFounder => Seed.Length == 0;
}
