using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>One change that an operator stages; several may be planned and committed together.</summary>
public abstract record RingChange
{
    private RingChange()
    {
    }

    /// <summary>The node that the change is about; two staged changes may not share one.</summary>
    public abstract NodeId Node { get; }

    /// <summary>A node comes in and takes its share.</summary>
    public sealed record Join(RingMember Member) : RingChange
    {
        public override NodeId Node => Member.Id;

        public override string ToString() => $"join {Member.Id.Short()} ({Member.Address})";
    }

    /// <summary>A living node hands everything over and goes.</summary>
    public sealed record Leave(NodeId Leaver) : RingChange
    {
        public override NodeId Node => Leaver;

        public override string ToString() => $"leave {Leaver.Short()}";
    }

    /// <summary>A node that is lost for good goes; its share is filled from the other replicas.</summary>
    public sealed record Remove(NodeId Lost) : RingChange
    {
        public override NodeId Node => Lost;

        public override string ToString() => $"remove {Lost.Short()}";
    }

    /// <summary>A new node takes over exactly what a lost one owned, with its weight; nothing else moves.</summary>
    public sealed record Replace(NodeId Lost, RingMember Member) : RingChange
    {
        public override NodeId Node => Lost;

        public override string ToString() => $"replace {Lost.Short()} by {Member.Id.Short()} ({Member.Address})";
    }
}
