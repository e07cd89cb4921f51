using KvStore.Core.Identity;
using KvStore.Core.Registers;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Registers;

public sealed class AcceptorStateSpec
{
    private static readonly RingEpoch Created = new(1, 5);
    private static readonly Ballot Before = new(new RingEpoch(1, 4), 9, A, 1);
    private static readonly Ballot After = new(new RingEpoch(1, 5), 1, A, 1);

    [Fact]
    public void What_was_voted_before_a_bucket_was_created_counts_for_nothing()
    {
        Assert.Same(AcceptorState<string>.Empty, new AcceptorState<string>(Before, Before, "old").Since(Created));
        Assert.Equal(new AcceptorState<string>(After, Ballot.None, null), new AcceptorState<string>(After, Before, "old").Since(Created));
    }

    [Fact]
    public void What_was_voted_since_counts()
    {
        var accepted = new AcceptorState<string>(After, After, "new");
        Assert.Same(accepted, accepted.Since(Created));
        var promised = new AcceptorState<string>(After, Ballot.None, null);
        Assert.Same(promised, promised.Since(Created));
        Assert.Same(AcceptorState<string>.Empty, AcceptorState<string>.Empty.Since(RingEpoch.None));
    }
}
