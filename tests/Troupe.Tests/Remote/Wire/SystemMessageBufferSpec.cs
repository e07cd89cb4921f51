using Akka.Dispatch.SysMsg;
using Akka.Remote.Wire;

namespace Troupe.Tests.Remote.Wire;

public sealed class SystemMessageBufferSpec
{
    private readonly SystemMessageBuffer _buffer = new();

    [Fact]
    public void Numbers_run_from_one_without_a_gap() => Assert.Equal([1, 2, 3], Fill(3));

    [Fact]
    public void An_acknowledgement_removes_everything_up_to_it()
    {
        Fill(5);
        _buffer.Acknowledge(3);
        _buffer.Acknowledge(2);
        Assert.Equal([4, 5], Waiting());
        Assert.Equal([6], Fill(1));
    }

    [Fact]
    public void For_a_new_incarnation_what_waits_is_numbered_after_what_it_has_delivered()
    {
        Fill(5);
        _buffer.Acknowledge(3);
        _buffer.Renumber(0);
        Assert.Equal([1, 2], Waiting());
        _buffer.Renumber(7);
        Assert.Equal([8, 9], Waiting());
        Assert.Equal([10], Fill(1));
    }

    [Fact]
    public void An_incarnation_that_knows_less_than_it_acknowledged_is_counted_for_anew()
    {
        Fill(5);
        _buffer.Acknowledge(3);
        _buffer.Resume(4);
        Assert.Equal([5], Waiting());
        _buffer.Resume(0);
        Assert.Equal([1], Waiting());
        _buffer.Resume(1);
        Assert.Empty(Waiting());
        _buffer.Resume(0);
        Assert.Equal([1], Fill(1));
        _buffer.Resume(9);
        Assert.Equal([10], Waiting());
    }

    [Fact]
    public void Clearing_drops_what_waits_and_numbers_go_on()
    {
        Fill(2);
        _buffer.Clear();
        Assert.Empty(Waiting());
        Assert.Equal([3], Fill(1));
    }

    private ulong[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => _buffer.Add(new Terminate(), null!).Number)];

    private ulong[] Waiting() => [.. _buffer.Unacknowledged.Select(numbered => numbered.Number)];
}
