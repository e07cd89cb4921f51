using KvStore.Core.AntiEntropy;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Deletes;

public sealed class ReapRoundSpec
{
    private static readonly BucketKey Other = SomeKey with { Key = Key.Of("other") };

    private readonly List<ReapEffect> _effects = [];

    [Fact]
    public void Only_what_every_owner_agrees_to_is_reaped_everywhere()
    {
        var round = Started();
        round.OnAgreed(B, [SomeKey, Other], _effects);
        Assert.DoesNotContain(_effects, effect => effect is ReapEffect.Reap);
        round.OnAgreed(C, [SomeKey], _effects);
        Assert.Equal(SomeKey, Assert.Single(Assert.Single(_effects.OfType<ReapEffect.Reap>()).Keys).Key);
        Assert.Equal([B, C], _effects.OfType<ReapEffect.Commit>().Select(commit => commit.Node));
    }

    [Fact]
    public void An_owner_that_answers_twice_counts_once()
    {
        var round = Started();
        round.OnAgreed(B, [SomeKey], _effects);
        round.OnAgreed(B, [SomeKey], _effects);
        Assert.DoesNotContain(_effects, effect => effect is ReapEffect.Reap);
    }

    [Fact]
    public void One_owner_that_does_not_answer_keeps_everything()
    {
        var round = Started();
        round.OnAgreed(B, [SomeKey, Other], _effects);
        round.OnFailed(_effects);
        round.OnAgreed(C, [SomeKey, Other], _effects);
        Assert.DoesNotContain(_effects, effect => effect is ReapEffect.Reap);
        Assert.Equal(0, Assert.Single(_effects.OfType<ReapEffect.End>()).Reaped);
    }

    private ReapRound Started()
    {
        var round = new ReapRound(RingEpoch.First, [B, C], [new KeyHash(SomeKey, 1), new KeyHash(Other, 2)]);
        round.Start(_effects);
        Assert.Equal([B, C], _effects.OfType<ReapEffect.Ask>().Select(ask => ask.Node));
        return round;
    }
}
