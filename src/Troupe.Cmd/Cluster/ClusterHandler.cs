using Akka.Actor;
using Akka.Cluster;
using Petabridge.Cmd.BuiltIn;
using Petabridge.Cmd.Host;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Petabridge.Cmd.Cluster;

/// <summary>Answers palette <c>cluster</c> from what this node knows of the cluster. A change is asked for and answered at once; it takes its time.</summary>
internal sealed class ClusterHandler : CommandHandlerActor
{
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);

    public ClusterHandler() : base(ClusterCommands.Commands)
    {
        Process(ClusterCommands.Show.Name, (_, arguments) =>
            Show(arguments.ArgumentValues("role").LastOrDefault(), arguments.ArgumentValues("status").LastOrDefault()));
        Process(ClusterCommands.Status.Name, _ => Sender.Say(MemberLine.Of(_cluster.SelfMember, _cluster.State)));
        Process(ClusterCommands.Leader.Name, _ =>
            Sender.Say(_cluster.State.Leader?.ToString() ?? "There is no leader: the members do not agree on who is there."));
        Process(ClusterCommands.Join.Name, (_, arguments) => WithAddress(arguments.ArgumentValues("address").Last(), address =>
        {
            _cluster.Join(address);
            Sender.Say($"{_cluster.SelfAddress} asks {address} to be let in; 'cluster show' says when it is.");
        }));
        Process(ClusterCommands.Leave.Name, (_, arguments) => WithMember(arguments.ArgumentValues("address").LastOrDefault(), member =>
        {
            _cluster.Leave(member.Address);
            Sender.Say($"{member.Address} leaves; 'cluster show' says when it has.");
        }));
        Process(ClusterCommands.Down.Name, (_, arguments) => WithMember(arguments.ArgumentValues("address").Last(), member => Down([member])));
        Process(ClusterCommands.DownUnreachable.Name, _ => Down([.. _cluster.State.Unreachable]));
    }

    private void Show(string? role, string? status)
    {
        var state = _cluster.State;
        var shown = state.Members
            .Where(member => role is null || member.Roles.Contains(role))
            .Where(member => status is null || MemberLine.StatusOf(member).Equals(status, StringComparison.OrdinalIgnoreCase))
            .Select(member => MemberLine.Of(member, state)).ToList();
        Sender.Say(shown.Append($"Count: {shown.Count} nodes"));
    }

    private void Down(IReadOnlyList<Member> members)
    {
        foreach (var member in members) _cluster.Down(member.Address);
        Sender.Say(members.Select(member => $"{member.Address} is given up.").Append($"Count: {members.Count} nodes"));
    }

    /// <summary>With this member; without an address, this node.</summary>
    private void WithMember(string? text, Action<Member> then)
    {
        if (text is null) then(_cluster.SelfMember);
        else WithAddress(text, address =>
        {
            if (_cluster.State.Members.FirstOrDefault(member => member.Address.Equals(address)) is { } found) then(found);
            else Sender.Refuse($"{address} is no member. Nothing was done; 'cluster show' has the addresses.");
        });
    }

    private void WithAddress(string text, Action<Address> then)
    {
        if (!ActorPath.TryParseAddress(text, out var address) || address is null)
            Sender.Refuse($"'{text}' is no address such as {_cluster.SelfAddress}. Nothing was done; 'cluster show' has the addresses.");
        else then(address);
    }
}
