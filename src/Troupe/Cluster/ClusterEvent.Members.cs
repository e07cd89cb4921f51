using System.Diagnostics.CodeAnalysis;

namespace Akka.Cluster;

/// <summary>The events of a member's way through the cluster.</summary>
public partial class ClusterEvent
{
    public abstract class MemberStatusChange : IMemberEvent
    {
        [SuppressMessage("Design", "CA1051", Justification = "Akka.NET's signature")]
        protected readonly Member _member;

        protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            ArgumentNullException.ThrowIfNull(member);
            if (member.Status != validStatus)
                throw new ArgumentException($"Expected {validStatus} state, got: {member.Status}", nameof(member));
            _member = member;
        }

        public Member Member => _member;

        public override bool Equals(object? obj) =>
            obj is MemberStatusChange other && other.GetType() == GetType() && Member.Equals(other.Member);

        public override int GetHashCode() => Member.GetHashCode();

        public override string ToString() => $"{GetType().Name}(Member={Member})";
    }

    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    /// <summary>It may take part although others are unreachable, but is not Up before there is convergence.</summary>
    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    /// <summary>All have seen that it leaves.</summary>
    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>It is a member no more. A node that leaves is told this of every member, itself among them.</summary>
    public sealed class MemberRemoved : MemberStatusChange
    {
        public MemberRemoved(Member member, MemberStatus previousStatus) : base(member, MemberStatus.Removed) =>
            PreviousStatus = previousStatus;

        /// <summary>Down: it was given up; Exiting: it has left by itself.</summary>
        public MemberStatus PreviousStatus { get; }

        public override bool Equals(object? obj) => base.Equals(obj) && ((MemberRemoved)obj!).PreviousStatus == PreviousStatus;

        public override int GetHashCode() => base.GetHashCode() * 397 ^ (int)PreviousStatus;

        public override string ToString() => $"MemberRemoved(Member={Member}, PreviousStatus={PreviousStatus})";
    }
}
