using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Node.Membership;
using KvStore.Server.Http;
using Microsoft.AspNetCore.Http;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace KvStore.Server.Palettes;

/// <summary>
/// Answers palette <c>kv</c> with what the HTTP door would answer, in lines. One for each client of the console. Asks, and pipes what comes to
/// whoever typed the command: it never waits itself.
/// </summary>
internal sealed class KvHandler : CommandHandlerActor
{
    private const string Staged = "staged: nothing moves yet; 'kv plan' shows what would, 'kv commit' begins";
    private const string Committed = "committed: 'kv transfers' and 'kv ring' show what moves";

    private readonly KvNode _node;

    public KvHandler(KvNode node, Address address) : base(KvCommands.Palette)
    {
        _node = node;
        Process(KvCommands.Status.Name, _ => Show(() => Task.FromResult(StatusEndpoints.Status(node, address))));
        Process(KvCommands.Ring.Name, (_, given) => ShowRing(given.ArgumentValues("partitions").Any()));
        Process(KvCommands.Locate.Name, (_, given) => ShowKey(KvCommands.Locate, given.ArgumentValues, (key, hex, bucket) =>
            Task.FromResult(KeyEndpoints.Locate(node, key, hex, bucket))));
        Process(KvCommands.Explain.Name, (_, given) => ShowKey(KvCommands.Explain, given.ArgumentValues, (key, hex, bucket) =>
            KeyEndpoints.Explain(node, key, hex, bucket)));
        Process(KvCommands.Transfers.Name, _ => Show(() => RingEndpoints.Transfers(node)));
        Process(KvCommands.Hints.Name, _ => Show(() => HealingEndpoints.Hints(node)));
        Process(KvCommands.AntiEntropy.Name, _ => Show(() => HealingEndpoints.AntiEntropy(node)));
        Process(KvCommands.Repair.Name, _ => Change(() => HealingEndpoints.Repair(node), "begun: 'kv anti-entropy' shows how far it is"));
        Process(KvCommands.Links.Name, _ => Show(() => Task.FromResult(HealingEndpoints.Links(node))));
        Process(KvCommands.Buckets.Name, _ => Show(() => Task.FromResult(BucketEndpoints.List(node.Ring))));
        Process(KvCommands.Leave.Name, (_, given) => Stage(given.ArgumentValues("node").Last(), leaver => new RingChange.Leave(leaver)));
        Process(KvCommands.Remove.Name, (_, given) => Stage(given.ArgumentValues("node").Last(), lost => new RingChange.Remove(lost)));
        Process(KvCommands.Replace.Name, (_, given) => Change(
            () => Replace(given.ArgumentValues("node").Last(), given.ArgumentValues("by").Last()), Staged));
        Process(KvCommands.Plan.Name, (_, given) => ShowPlan(given.ArgumentValues("moves").Any()));
        Process(KvCommands.Commit.Name, (_, given) => Commit(given.ArgumentValues("accept-risk").Any()));
        Process(KvCommands.Cancel.Name, _ => Change(() => RingEndpoints.Do(node, RingCommands.Cancel.Instance), "called off: the owners are those of before"));
        Process(KvCommands.Clear.Name, _ => Change(() => RingEndpoints.Do(node, RingCommands.Clear.Instance), "nothing is staged here any more"));
    }

    private void ShowRing(bool withPartitions) => Show(() => RingEndpoints.Status(_node, withPartitions), withPartitions ? "members" : "owners");

    private void ShowPlan(bool withMoves) => Show(() => RingEndpoints.Plan(_node), withMoves ? "" : "moves");

    private void Commit(bool acceptRisk) => Change(() => RingEndpoints.Do(_node, new RingCommands.Commit(acceptRisk)), Committed);

    private void ShowKey(CommandDefinition command, Func<string, IEnumerable<string>> given, Func<string?, string?, string?, Task<IResult>> ask)
    {
        var (key, hex) = (given("key").LastOrDefault(), given("hex").LastOrDefault());
        if (key is null == hex is null)
            Sender.Tell(new ErroredCommandResponse($"'kv {command.Name}' wants the key, by -k TEXT or by -x DIGITS. Nothing was done."));
        else Show(() => ask(key, hex, given("bucket").LastOrDefault()));
    }

    private void Stage(string named, Func<NodeId, RingChange> change) => Change(
        async () => await NodeNames.Find(_node, named) is { } found
            ? await RingEndpoints.Do(_node, new RingCommands.Stage(change(found)))
            : NodeNames.Unknown(named),
        Staged);

    private async Task<IResult> Replace(string lost, string by)
    {
        if (await NodeNames.Find(_node, lost) is not { } gone) return NodeNames.Unknown(lost);
        if (await NodeNames.Find(_node, by) is not { } newcomer) return NodeNames.Unknown(by);
        return await RingEndpoints.Do(_node, new RingCommands.StageReplace(gone, newcomer));
    }

    /// <param name="ask">Asks the node.</param>
    /// <param name="except">A part of the answer that is not shown.</param>
    private void Show(Func<Task<IResult>> ask, string except = "") => ask().PipeTo(
        Sender, success: answer => AnswerLines.Of(answer, except), failure: problem => AnswerLines.OfFailure(problem, isRead: true));

    /// <param name="ask">Has the node do it.</param>
    /// <param name="done">What to say when it has.</param>
    private void Change(Func<Task<IResult>> ask, string done) => ask().PipeTo(
        Sender, success: answer => AnswerLines.Of(answer, last: done), failure: problem => AnswerLines.OfFailure(problem, isRead: false));
}
