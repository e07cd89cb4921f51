using System.Collections.Immutable;

namespace Akka.Cluster.Tools.Client;

/// <summary>What clients and receptionists say to each other besides the applications' messages.</summary>
internal abstract record ReceptionistMessage : IClusterClientMessage
{
    /// <summary>Which receptionists are there? Answered by <see cref="Contacts"/>.</summary>
    public sealed record GetContacts : ReceptionistMessage
    {
        public static readonly GetContacts Instance = new();
    }

    /// <summary>Full paths of receptionists.</summary>
    public sealed record Contacts(ImmutableArray<string> Points) : ReceptionistMessage;

    /// <summary>Are you there? Answered by <see cref="HeartbeatRsp"/>.</summary>
    public sealed record Heartbeat : ReceptionistMessage
    {
        public static readonly Heartbeat Instance = new();
    }

    public sealed record HeartbeatRsp : ReceptionistMessage
    {
        public static readonly HeartbeatRsp Instance = new();
    }
}
