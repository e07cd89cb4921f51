using System.Collections;
using Akka.Actor;
using Xunit.Sdk;

namespace ActorRuntime.Specs.Kit;

/// <summary>What the test kit's expectations accept, and what they fail on.</summary>
public sealed class ExpectSpec : Spec
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void ExpectMsg_fails_when_nothing_comes() => Fails(() => ExpectMsg<string>(Brief));

    [Fact]
    public void ExpectMsg_fails_on_another_type_and_on_another_value()
    {
        Tell(1, "one");

        Fails(() => ExpectMsg<string>(Brief));
        Fails(() => ExpectMsg("two", Brief));
    }

    [Fact]
    public void ExpectMsg_fails_when_the_predicate_or_the_assertion_does()
    {
        Tell(1, 2);

        Fails(() => ExpectMsg<int>(n => n > 1, Brief));
        Assert.Throws<InvalidOperationException>(() =>
            ExpectMsg<int>(_ => throw new InvalidOperationException("the assertion's own"), Brief));
    }

    [Fact]
    public void ExpectMsg_takes_a_derived_type_and_returns_it()
    {
        TestActor.Tell(new ArgumentNullException("p"), ActorRefs.NoSender);

        Assert.IsType<ArgumentNullException>(ExpectMsg<ArgumentException>(Soon));
    }

    [Fact]
    public void ExpectMsgFrom_fails_on_another_sender()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        a.Send(TestActor, "hello");
        a.Send(TestActor, "hello");

        ExpectMsgFrom<string>(a.Ref, Soon);
        Fails(() => ExpectMsgFrom<string>(b.Ref, Soon));
    }

    [Fact]
    public void ExpectNoMsg_fails_when_a_message_is_there()
    {
        Tell("hello");

        Fails(() => ExpectNoMsg(Brief));
    }

    [Fact]
    public void ExpectMsgAnyOf_takes_one_of_them()
    {
        Tell("b", "c");

        Assert.Equal("b", ExpectMsgAnyOf(["a", "b"]));
        Fails(() => ExpectMsgAnyOf(["a", "b"]));
    }

    [Fact]
    public void ExpectMsgAllOf_takes_them_in_any_order_and_fails_when_one_is_missing()
    {
        Tell("b", "a", "a", "c");

        Assert.Equal(["b", "a"], ExpectMsgAllOf("a", "b"));
        Fails(() => ExpectMsgAllOf(Soon, "a", "b"));
    }

    [Fact]
    public void ExpectTerminated_fails_on_another_actor()
    {
        var (a, b) = (Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props), Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));
        Watch(a);
        Sys.Stop(a);

        Fails(() => ExpectTerminated(b, Soon));
    }

    [Fact]
    public void FishForMessage_drops_what_does_not_fit_and_keeps_it_where_asked_to()
    {
        Tell(1, "a", 2, 3);
        var others = new ArrayList();

        Assert.Equal(2, FishForMessage<int>(n => n == 2, others, Soon));

        Assert.Equal([1, "a"], others.Cast<object>());
        ExpectMsg(3, Soon);
        Fails(() => FishForMessage(_ => true, Brief));
    }

    [Fact]
    public void ReceiveN_fails_when_there_are_fewer()
    {
        Tell(1, 2);

        Fails(() => ReceiveN(3, Brief));
    }

    [Fact]
    public void ReceiveOne_is_null_when_nothing_comes()
    {
        Assert.Null(ReceiveOne(Brief));
        Tell("hello");
        Assert.Equal("hello", ReceiveOne(Brief));
    }

    [Fact]
    public void ReceiveWhile_leaves_the_message_that_ends_it()
    {
        Tell(1, 2, "three", 4);

        Assert.Equal(["1", "2"], ReceiveWhile<string>(m => m is int n ? $"{n}" : null!, Soon));

        ExpectMsg("three", Soon);
        ExpectMsg(4, Soon);
    }

    [Fact]
    public void ReceiveWhile_ends_with_the_number_of_messages_and_with_idleness()
    {
        Tell(1, 2, 3);

        Assert.Equal(2, ReceiveWhile(m => m, Soon, null, 2).Count);
        Assert.Single(ReceiveWhile(m => m, Soon, Brief));
    }

    [Fact]
    public void Messages_that_are_ignored_never_come()
    {
        IgnoreMessages<int>();
        Tell(1, "a", 2);
        IgnoreNoMessages();
        Tell(3);

        ExpectMsg("a", Soon);
        ExpectMsg(3, Soon);
    }

    [Fact]
    public void LastMessage_and_LastSender_are_those_last_taken()
    {
        var sender = CreateTestProbe();
        sender.Send(TestActor, "hello");

        ExpectMsg<string>(Soon);

        Assert.Equal("hello", LastMessage);
        Assert.Equal(sender.Ref, LastSender);
    }

    [Fact]
    public void PeekOne_leaves_the_message()
    {
        Tell("hello");

        Assert.Equal("hello", PeekOne(Soon));
        Assert.Equal("hello", PeekOne(Soon));
        ExpectMsg("hello", Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task The_async_forms_do_the_same()
    {
        Tell("a", 1, 2, "b");

        Assert.Equal("a", await ExpectMsgAsync<string>(Soon));
        Assert.Equal([1, 2], await Collect(ReceiveNAsync(2, Soon)));
        Assert.Equal("b", await FishForMessageAsync(m => m is string, Soon));
        await ExpectNoMsgAsync(Brief);
        await Assert.ThrowsAnyAsync<XunitException>(async () => await ExpectMsgAsync<string>(Brief));
    }

    [Fact]
    public void Within_bounds_the_waits_inside_of_it()
    {
        var start = Now;

        Fails(() => Within(Brief, () => ExpectMsg<string>()));

        Assert.True(Now - start < Soon, "The default wait was taken instead.");
        Within(Soon, () => Assert.True(Remaining <= Soon));
    }

    [Fact]
    public void Within_fails_when_the_block_takes_less_than_the_least() => Fails(() => Within(Soon / 2, Soon, () => { }));

    [Fact]
    public void Within_returns_what_the_block_does() => Assert.Equal(42, Within(Soon, () => 42));

    [Fact]
    public void AwaitAssert_ends_when_the_assertion_holds_and_fails_with_its_exception()
    {
        var looks = 0;
        AwaitAssert(() => Assert.Equal(3, ++looks), Soon, TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, looks);

        Assert.Throws<InvalidOperationException>(() => AwaitAssert(() => throw new InvalidOperationException("never"), Brief));
    }

    [Fact]
    public void AwaitCondition_ends_when_the_condition_holds_and_fails_when_it_never_does()
    {
        var looks = 0;
        AwaitCondition(() => ++looks == 3, Soon, TimeSpan.FromMilliseconds(1));

        Fails(() => AwaitCondition(() => false, Brief));
        Assert.False(AwaitConditionNoThrow(() => false, Brief));
    }

    [Fact]
    public void A_message_with_braces_in_its_text_fails_as_any_other()
    {
        Tell("{0} and {oops");

        Fails(() => ExpectMsg<int>(Soon));
    }

    private void Tell(params object[] messages)
    {
        foreach (var message in messages)
        {
            TestActor.Tell(message, ActorRefs.NoSender);
        }
    }

    private static async Task<List<T>> Collect<T>(IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (var item in source)
        {
            all.Add(item);
        }
        return all;
    }

    private static void Fails(Action action) => Assert.ThrowsAny<XunitException>(action);
}
