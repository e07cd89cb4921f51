using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>Effects as a line of a trace.</summary>
internal static class SimText
{
    public static string Of(ReplicaEffect effect) => effect switch
    {
        ReplicaEffect.Store store => $"store {store.Key.Key} {Of(store.Set)}"
            + (store.StandsFor.Count > 0 ? " for " + string.Join(",", store.StandsFor.Select(id => id.Low)) : ""),
        ReplicaEffect.SaveMeta save => $"meta {Of(save.Meta)}",
        ReplicaEffect.Minted minted => $"minted {Of(minted.Dot)} {Of(minted.Set)}",
        ReplicaEffect.Answered answered => $"answers {answered.Answer.Kind} {Of(answered.Answer.Set)}{(answered.Answer.Provisional ? " provisional" : "")}",
        ReplicaEffect.Refused refused => $"refuses {refused.Refusal} {refused.Fence}",
        ReplicaEffect.Fenced fenced => $"fenced {fenced.Epoch}",
        ReplicaEffect.Damaged damaged => $"damaged {damaged.Key.Key}",
        _ => effect.GetType().Name,
    };

    public static string Of(ExchangeMessage message) => message switch
    {
        ExchangeMessage.Listed listed => $"{message.Step} Listed {string.Join(", ", listed.Entries.Select(entry => entry.Key.Key))}",
        ExchangeMessage.Push push => $"{message.Step} Push {string.Join(", ", push.States.Select(state => $"{state.Key.Key} {Of(state.Set)}"))}",
        ExchangeMessage.Pushed pushed => $"{message.Step} Pushed {string.Join(", ", pushed.Differing.Select(state => $"{state.Key.Key} {Of(state.Set)}"))}",
        ExchangeMessage.Pulled pulled => $"{message.Step} Pulled {string.Join(", ", pulled.States.Select(state => $"{state.Key.Key} {Of(state.Set)}"))}",
        _ => $"{message.Step} {message.GetType().Name}",
    };

    public static string Of(SiblingSet set) =>
        "[" + string.Join(" ", set.Siblings.ToArray().Select(sibling =>
            $"{Of(sibling.Dot)}{(sibling.IsTombstone ? "x" : "=")}{sibling.Request.Session}.{(uint)sibling.Request.Sequence}"))
        + "] " + Of(set.Context);

    private static string Of(ReplicaMeta meta) =>
        $"{meta.Role} {meta.Tenure} whole={meta.IsWhole} seen={Of(meta.Watermarks)} origins={Of(meta.Origins)} fence={meta.Fence}";

    private static string Of(VersionVector vector) => "{" + string.Join(" ", vector.Entries.ToArray().Select(Of)) + "}";

    private static string Of(Dot dot) => $"{dot.Incarnation.Node.Low}/{dot.Incarnation.Start}.{(uint)dot.Incarnation.Tenure}:{dot.Counter}";
}
