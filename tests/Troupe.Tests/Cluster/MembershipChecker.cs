using Akka.Cluster;
using Troupe.Simulation;
using static Akka.Cluster.ClusterEvent;

namespace Troupe.Tests.Clustering;

/// <summary>
/// Watches a simulated cluster from outside: it knows which systems live, leave and are cut off, and hears what each node tells its
/// subscribers.
/// <list type="number">
/// <item>A member's status only goes forward, and after its removal a node is told nothing more of it.</item>
/// <item>Nobody is removed that lives and was not asked to leave.</item>
/// <item>A node that was a member throughout hears of each removed member first that it was downed or exits.</item>
/// <item>No address is Up twice at once in the eyes of one node.</item>
/// <item>No two members are of the same age, and each has one age in the eyes of all.</item>
/// <item>Whoever first hears that a member is Up sees no member as unreachable that is not on its way out.</item>
/// </list>
/// </summary>
internal sealed class MembershipChecker(World world)
{
    private readonly Dictionary<(SimulatedMember, UniqueAddress), List<string>> _stories = [];
    private readonly Dictionary<UniqueAddress, SimulatedMember> _systems = [];
    private readonly Dictionary<UniqueAddress, int> _ages = [];

    private SimulationException? _failure;

    /// <summary>What is found in an actor's step would end there as that actor's own failure.</summary>
    internal void ThrowIfFailed()
    {
        if (_failure is not null)
            throw _failure;
    }

    internal void Started(SimulatedMember member) => _systems.Add(member.Self, member);

    internal void Told(SimulatedMember by, object told)
    {
        if (by.Cluster.IsTerminated || told is not IMemberEvent happened)
            return;
        var member = happened.Member;
        var key = (by, member.UniqueAddress);
        if (!_stories.TryGetValue(key, out var story))
            _stories.Add(key, story = []);
        CheckOrder(by, happened, story);
        story.Add(told.GetType().Name);
        switch (happened)
        {
            case MemberUp: CheckUp(by, member); break;
            case MemberRemoved: CheckRemoval(by, member, story); break;
        }
    }

    private void CheckOrder(SimulatedMember by, IMemberEvent happened, List<string> story)
    {
        if (story.Count > 0 && Rank(happened.GetType().Name) <= Rank(story[^1]))
            Fail($"{by} was told {happened} after {string.Join(", ", story)}");
    }

    private void CheckUp(SimulatedMember by, Member member)
    {
        if (by.Cluster.State.Members.Count(other => other.Address.Equals(member.Address) && other.Status == MemberStatus.Up) > 1)
            Fail($"{by} sees two members of {member.Address} Up at once");
        var twins = by.Cluster.State.Members.Where(other => other.UpNumber == member.UpNumber && !other.Equals(member));
        if (twins.FirstOrDefault() is { } twin)
            Fail($"{member} and {twin} are of the same age ({by})");
        if (!_ages.TryAdd(member.UniqueAddress, member.UpNumber))
        {
            if (_ages[member.UniqueAddress] != member.UpNumber)
                Fail($"{member} is of another age elsewhere ({by})");
            return;
        }
        var silent = by.Cluster.State.Unreachable.Where(other => other.Status is not (MemberStatus.Down or MemberStatus.Exiting));
        if (silent.FirstOrDefault() is { } left)
            Fail($"{member} came Up at {by} although {left} could not be asked");
    }

    private void CheckRemoval(SimulatedMember by, Member removed, List<string> story)
    {
        if (_systems.TryGetValue(removed.UniqueAddress, out var system) && system.Node.IsUp && system.Node.Life == system.Life
            && !system.IsLeaving)
            Fail($"{by} has removed {removed}, which lives and was not asked to leave");
        if (story.Contains(nameof(MemberUp)) && !story.Contains(nameof(MemberDowned)) && !story.Contains(nameof(MemberExited))
            && WasUpBefore(by))
            Fail($"{by} has removed {removed} without having heard why: {string.Join(", ", story)}");
    }

    /// <summary>
    /// Had it been told for a second that it is Up? Who comes Up in the very state in which another is gone need not have seen the one before.
    /// </summary>
    private bool WasUpBefore(SimulatedMember by) => by.Cluster.SelfMember.Status == MemberStatus.Up
        && by.Events.Any(told => told.At < world.Now - TimeSpan.FromSeconds(1)
            && told.Event is MemberUp up && up.Member.UniqueAddress == by.Self);

    private void Fail(string what) => _failure ??= world.Failed(what);

    private static int Rank(string name) => name switch
    {
        nameof(MemberJoined) => 0,
        nameof(MemberWeaklyUp) => 1,
        nameof(MemberUp) => 2,
        nameof(MemberLeft) => 3,
        nameof(MemberExited) => 4,
        nameof(MemberDowned) => 5,
        _ => 6,
    };
}
