using Xunit.Abstractions;

namespace ActorRuntime.Specs.Clustering;

/// <summary>
/// Members that are processes of their own, with the fast timings of <see cref="ClusterNode"/>. The order of events is exact; the
/// limits of time are what was measured on an idle machine (in brackets), and much more for a busy one.
/// </summary>
public sealed class SeparateProcessesSpec(ITestOutputHelper output) : IDisposable
{
    /// <summary>By silence, not by the closed connection, which would be known at once [2.8-3.0 s].</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) Unreachable = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));

    /// <summary>From the start of the process [2.0-2.2 s].</summary>
    private static readonly TimeSpan Replaced = TimeSpan.FromSeconds(25);

    /// <summary>[0.4-1.1 s]</summary>
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(15);

    /// <summary>[0.4-0.5 s]</summary>
    private static readonly TimeSpan Removed = TimeSpan.FromSeconds(15);

    private readonly List<MemberProcess> _members = [];

    public void Dispose() => _members.ForEach(member => member.Dispose());

    [Fact]
    public async Task Of_five_one_is_killed_and_restarted_at_its_address_and_replaces_its_old_self()
    {
        var members = await Form(5);
        var killed = members[4];
        var others = members[..4];
        var started = Now();
        killed.Kill();

        foreach (var other in others)
            Assert.Equal([killed.Said("UnreachableMember")], await other.Story(Unreachable.Most, killed.Said("UnreachableMember"), killed));
        Assert.InRange(Passed("killed, unreachable for all", started), Unreachable.Least, Unreachable.Most);
        started = Now();
        var anew = await Start(killed.Port, members[0]);
        Assert.NotEqual(killed.Uid, anew.Uid);

        foreach (var other in others)
        {
            Assert.Equal(
                [killed.Said("MemberDowned"), killed.Said("MemberRemoved"), anew.Said("MemberJoined"), anew.Said("MemberUp")],
                await other.Story(Replaced, anew.Said("MemberUp"), killed, anew));
        }
        Passed("restarted, Up for all", started);
        await anew.AllUp([.. others, anew]);
    }

    [Fact]
    public async Task Who_leaves_is_let_go_in_order_and_is_never_downed_or_unreachable()
    {
        var members = await Form(4);
        var leaver = members[3];
        var started = Now();

        leaver.Tell("leave");

        foreach (var other in members[..3])
        {
            Assert.Equal([leaver.Said("MemberLeft"), leaver.Said("MemberExited"), leaver.Said("MemberRemoved")],
                await other.Story(Left, leaver.Said("MemberRemoved"), leaver));
        }
        Passed("left, removed for all", started);
        Assert.Equal(0, await leaver.Ended(Left));
    }

    [Fact]
    public async Task Who_leaves_while_another_is_unreachable_ends_and_stays_a_member_until_both_are_downed()
    {
        var members = await Form(4);
        var (lost, leaver) = (members[3], members[2]);
        lost.Kill();
        foreach (var other in members[..3])
            await other.Story(Unreachable.Most, lost.Said("UnreachableMember"), lost);
        var started = Now();

        leaver.Tell("leave");

        // The phase cluster-exiting waits in vain for 3 s.
        Assert.Equal(0, await leaver.Ended(TimeSpan.FromSeconds(30)));
        Assert.InRange(Passed("left in vain, ended", started), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
        foreach (var other in members[..2])
        {
            Assert.Equal([leaver.Said("MemberLeft"), leaver.Said("UnreachableMember")],
                await other.Story(Unreachable.Most, leaver.Said("UnreachableMember"), leaver, lost));
        }
        started = Now();
        members[1].Tell($"down {lost.Port}");
        members[1].Tell($"down {leaver.Port}");
        foreach (var other in members[..2])
        {
            var story = await other.Story(Removed, [lost.Said("MemberRemoved"), leaver.Said("MemberRemoved")], lost, leaver);
            foreach (var gone in new[] { lost, leaver })
                Assert.Equal([gone.Said("MemberDowned"), gone.Said("MemberRemoved")], story.Where(line => gone.IsMeantBy(line)));
        }
        Passed("downed, removed for both", started);
    }

    private async Task<MemberProcess[]> Form(int count)
    {
        var started = Now();
        var first = await Start("0", null);
        // One after the other: together they would only wait for the same two processors.
        for (var i = 1; i < count; i++)
            await Start("0", first);
        foreach (var member in _members)
            await member.AllUp([.. _members]);
        Passed($"{count} processes, Up for all", started);
        return [.. _members];
    }

    private async Task<MemberProcess> Start(string port, MemberProcess? seed)
    {
        var member = await MemberProcess.Start(port, seed);
        _members.Add(member);
        return member;
    }

    private static long Now() => TimeProvider.System.GetTimestamp();

    private TimeSpan Passed(string what, long since)
    {
        var passed = TimeProvider.System.GetElapsedTime(since);
        output.WriteLine($"{what}: {passed.TotalSeconds:0.0} s");
        return passed;
    }
}
