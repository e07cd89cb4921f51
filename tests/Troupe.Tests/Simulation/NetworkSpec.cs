using System.Net.Sockets;
using Troupe.Platform;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class NetworkSpec : IDisposable
{
    private const int Port = 4053;

    private readonly World _world;
    private readonly SimulatedNode _a;
    private readonly SimulatedNode _b;
    private readonly List<StreamProbe> _accepted = [];
    private readonly List<string> _rejected = [];

    public NetworkSpec() : this(new SimulationOptions { Seed = 7 })
    {
    }

    private NetworkSpec(SimulationOptions options)
    {
        _world = new World(options);
        _a = _world.AddNode("a");
        _b = _world.AddNode("b");
        Listen(_b);
    }

    public void Dispose() => _world.Dispose();

    private void Listen(SimulatedNode node, StreamOptions? options = null) =>
        node.CreateSeams().Network.Listen(
            node.Host, Port, options ?? new StreamOptions(), Accept, (peer, _) => _rejected.Add(peer));

    private StreamProbe Accept(IConnection connection)
    {
        var probe = new StreamProbe(() => _world.Now) { Connection = connection };
        _accepted.Add(probe);
        return probe;
    }

    private (Func<StreamProbe?> Connected, Func<Exception?> Failed) Begin(
        SimulatedNode from, string host, int port = Port, int seconds = 15)
    {
        StreamProbe? connected = null;
        Exception? failed = null;
        from.CreateSeams().Network.Connect(host, port, new StreamOptions(), TimeSpan.FromSeconds(seconds),
            c => connected = new StreamProbe(() => _world.Now) { Connection = c }, e => failed = e);
        return (() => connected, () => failed);
    }

    private StreamProbe Connect(SimulatedNode from, SimulatedNode to)
    {
        var (connected, _) = Begin(from, to.Host);
        var before = _accepted.Count;
        Assert.True(_world.RunUntil(() => connected() is not null && _accepted.Count > before, TimeSpan.FromSeconds(10)));
        return connected()!;
    }

    private void Seconds(double seconds) => _world.RunFor(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Bytes_arrive_in_order_after_the_delay_of_the_line()
    {
        var client = Connect(_a, _b);
        var start = _world.Now;
        for (var i = 0; i < 50; i++)
        {
            client.Write($"{i} ");
            _world.RunUntil(() => client.Completed == i + 1, TimeSpan.FromSeconds(1));
        }
        Assert.True(_world.RunUntilQuiet(TimeSpan.FromSeconds(5)));
        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"{i} ")), _accepted[0].Received);
        Assert.InRange(_accepted[0].LastReceived - start, TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(50));
        _accepted[0].Write("back");
        Seconds(1);
        Assert.Equal("back", client.Received);
    }

    [Fact]
    public void Bytes_may_arrive_cut_anywhere()
    {
        using var spec = new NetworkSpec(new SimulationOptions { Seed = 3, FragmentProbability = 1 });
        var client = spec.Connect(spec._a, spec._b);
        client.Write("0123456789");
        spec.Seconds(1);
        Assert.Equal("0123456789", spec._accepted[0].Received);
        Assert.Equal(2, spec._accepted[0].Chunks);
    }

    [Fact]
    public void A_close_reaches_the_peer_after_the_last_byte()
    {
        var client = Connect(_a, _b);
        client.Write("last");
        client.Connection.Close();
        Seconds(1);
        Assert.Equal("last", _accepted[0].Received);
        Assert.True(_accepted[0].IsClosed && client.IsClosed);
        Assert.Null(_accepted[0].Cause);
        Assert.Equal(1, client.Completed);
        client.Write("more");
        Seconds(1);
        Assert.Single(client.WriteFailures);
    }

    [Fact]
    public void What_nobody_listens_to_is_refused_and_who_is_not_there_is_not_found()
    {
        var refused = Begin(_a, _b.Host, Port + 1).Failed;
        var unknown = Begin(_a, "nowhere").Failed;
        Seconds(1);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused()).SocketErrorCode);
        Assert.Equal(SocketError.HostNotFound, Assert.IsType<SocketException>(unknown()).SocketErrorCode);
    }

    [Fact]
    public void A_port_can_be_bound_once_and_port_zero_picks_a_free_one()
    {
        Assert.Throws<SocketException>(() => Listen(_b));
        var network = _b.CreateSeams().Network;
        var one = network.Listen("0.0.0.0", 0, new StreamOptions(), Accept, (_, _) => { });
        var two = network.Listen("b", 0, new StreamOptions(), Accept, (_, _) => { });
        Assert.NotEqual(one.Endpoint.Port, two.Endpoint.Port);
        one.Close();
        var port = one.Endpoint.Port;
        network.Listen("b", port, new StreamOptions(), Accept, (_, _) => { });
        one.Close();
        Assert.Throws<SocketException>(() => network.Listen("b", port, new StreamOptions(), Accept, (_, _) => { }));
        Assert.Throws<SocketException>(() => network.Listen(_a.Host, 0, new StreamOptions(), Accept, (_, _) => { }));
    }

    [Fact]
    public void A_partition_delays_and_the_backlog_comes_in_order_in_a_burst_after_the_heal()
    {
        var client = Connect(_a, _b);
        _world.Network.Partition([_a], [_b]);
        for (var i = 0; i < 40; i++)
        {
            client.Write($"{i} ");
            Seconds(1);
        }
        Assert.Equal("", _accepted[0].Received);
        var healed = _world.Now;
        _world.Network.Heal([_a], [_b]);
        Seconds(30);
        Assert.Equal(string.Concat(Enumerable.Range(0, 40).Select(i => $"{i} ")), _accepted[0].Received);
        Assert.InRange(_accepted[0].LastReceived - healed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20.1));
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void A_cut_is_one_way()
    {
        var client = Connect(_a, _b);
        _world.Network.Cut(_a, _b);
        client.Write("held");
        _accepted[0].Write("passes");
        Seconds(5);
        Assert.Equal("passes", client.Received);
        Assert.Equal("", _accepted[0].Received);
    }

    [Fact]
    public void A_connection_across_a_cut_times_out_unless_it_heals_first()
    {
        _world.Network.Isolate(_b);
        var late = Begin(_a, _b.Host, seconds: 5);
        Seconds(4.9);
        Assert.Null(late.Failed());
        Seconds(0.2);
        Assert.IsType<TimeoutException>(late.Failed());

        var healed = Begin(_a, _b.Host);
        Seconds(2);
        _world.Network.HealAll();
        Seconds(10);
        Assert.NotNull(healed.Connected());
    }

    [Fact]
    public void A_stream_that_nobody_acknowledges_breaks_after_a_quarter_of_an_hour()
    {
        var client = Connect(_a, _b);
        _world.Network.Cut(_a, _b);
        client.Write("x");
        Seconds(900);
        Assert.False(client.IsClosed);
        Seconds(60);
        Assert.IsAssignableFrom<IOException>(client.Cause);
    }

    [Fact]
    public void A_clog_holds_bytes_for_its_time_without_back_off()
    {
        var client = Connect(_a, _b);
        var start = _world.Now;
        _world.Network.Clog(_a, _b, TimeSpan.FromSeconds(3));
        client.Write("x");
        Seconds(10);
        Assert.InRange(_accepted[0].LastReceived - start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.1));
    }

    [Fact]
    public void A_slow_line_takes_time_for_each_byte()
    {
        var client = Connect(_a, _b);
        var start = _world.Now;
        _world.Network.SetLink(_a, _b, new LinkOptions { BytesPerSecond = 1000 });
        client.Write(new string('x', 5000));
        Seconds(10);
        Assert.InRange(_accepted[0].LastReceived - start, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.1));
    }

    [Fact]
    public void What_waits_on_a_slow_line_is_fast_when_the_line_is()
    {
        var client = Connect(_a, _b);
        _world.Network.SetLink(_a, _b, new LinkOptions { BytesPerSecond = 10 });
        for (var i = 0; i < 10; i++)
        {
            client.Write(new string('x', 1000));
            Seconds(1);
        }
        Assert.Equal("", _accepted[0].Received);
        _world.Network.HealAll();
        Seconds(1);
        Assert.Equal(10_000, _accepted[0].Received.Length);
    }

    [Fact]
    public void A_write_waits_while_the_window_is_full()
    {
        using var spec = new NetworkSpec(new SimulationOptions { Seed = 3, StreamWindow = 1000 });
        var client = spec.Connect(spec._a, spec._b);
        spec._b.Pause();
        client.Write(new string('x', 1000));
        spec.Seconds(1);
        Assert.Equal(1, client.Completed);
        client.Write("y");
        spec.Seconds(60);
        Assert.Equal(1, client.Completed);
        spec._b.Resume();
        spec.Seconds(1);
        Assert.Equal(2, client.Completed);
        Assert.Equal(1001, spec._accepted[0].Received.Length);
    }

    [Fact]
    public void A_reset_breaks_both_ends_and_loses_what_was_under_way()
    {
        var client = Connect(_a, _b);
        client.Write("lost");
        _world.Network.ResetConnections(_a, _b);
        Seconds(1);
        Assert.IsAssignableFrom<IOException>(client.Cause);
        Assert.IsAssignableFrom<IOException>(_accepted[0].Cause);
        Assert.Equal("", _accepted[0].Received);
        Assert.Equal(0, _world.Network.OpenConnections);
    }

    [Fact]
    public void A_crashed_process_is_never_called_and_its_peers_see_a_reset()
    {
        var client = Connect(_a, _b);
        client.Write("x");
        _b.Crash();
        Seconds(5);
        Assert.False(_accepted[0].IsClosed);
        Assert.Equal("", _accepted[0].Received);
        Assert.IsAssignableFrom<IOException>(client.Cause);
        var refused = Begin(_a, _b.Host).Failed;
        Seconds(1);
        Assert.IsType<SocketException>(refused());
    }

    [Fact]
    public void A_silent_crash_is_noticed_only_when_the_machine_is_back()
    {
        var client = Connect(_a, _b);
        _b.Crash(CrashKind.Silent);
        client.Write("x");
        Seconds(60);
        Assert.False(client.IsClosed);
        var unanswered = Begin(_a, _b.Host, seconds: 5).Failed;
        Seconds(6);
        Assert.IsType<TimeoutException>(unanswered());
        _b.Restart();
        Listen(_b);
        Seconds(21);
        Assert.IsAssignableFrom<IOException>(client.Cause);
        var again = Connect(_a, _b);
        again.Write("hello");
        Seconds(1);
        Assert.Equal("hello", _accepted[1].Received);
    }

    [Fact]
    public void A_paused_process_reads_everything_when_it_resumes()
    {
        var client = Connect(_a, _b);
        _b.Pause();
        var second = Begin(_a, _b.Host);
        client.Write("meanwhile");
        Seconds(60);
        Assert.NotNull(second.Connected());
        Assert.Equal("", _accepted[0].Received);
        _b.Resume();
        Seconds(1);
        Assert.Equal("meanwhile", _accepted[0].Received);
        Assert.Equal(2, _accepted.Count);
    }

    [Fact]
    public void A_younger_connection_may_overtake_an_older_one()
    {
        var overtaken = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            using var spec = new NetworkSpec(new SimulationOptions { Seed = seed, OvertakeProbability = 0.5 });
            var first = spec.Begin(spec._a, "b").Connected;
            spec.Seconds(0.1);
            var second = spec.Begin(spec._a, "b").Connected;
            spec.Seconds(0.1);
            first()!.Write("first");
            second()!.Write("second");
            spec.Seconds(10);
            Assert.Equal(2, spec._accepted.Count);
            if (spec._accepted[0].Received == "second") overtaken++;
        }
        Assert.InRange(overtaken, 2, 15);
    }

    [Fact]
    public void An_old_connections_bytes_may_come_after_a_new_one_opened()
    {
        using var spec = new NetworkSpec(new SimulationOptions { Seed = 1, LingerProbability = 1 });
        var old = spec.Connect(spec._a, spec._b);
        old.Write("late");
        old.Connection.Close();
        var young = spec.Connect(spec._a, spec._b);
        young.Write("early");
        spec.Seconds(10);
        Assert.Equal("late", spec._accepted[0].Received);
        Assert.True(spec._accepted[0].LastReceived > spec._accepted[1].LastReceived);
    }

    [Fact]
    public void A_listener_may_see_a_connection_that_its_peer_has_given_up()
    {
        using var spec = new NetworkSpec(new SimulationOptions { Seed = 1, HalfOpenProbability = 1 });
        var attempt = spec.Begin(spec._a, "b", seconds: 3);
        spec.Seconds(4);
        Assert.IsType<TimeoutException>(attempt.Failed());
        Assert.Single(spec._accepted);
        spec._accepted[0].Write("anybody?");
        spec.Seconds(10);
        Assert.True(spec._accepted[0].IsClosed);
    }

    [Fact]
    public void Connections_past_the_listeners_bound_are_refused()
    {
        Listen(_a, new StreamOptions { MaxConnections = 1 });
        var first = Begin(_b, "a");
        Seconds(1);
        var second = Begin(_b, "a");
        Seconds(1);
        Assert.False(first.Connected()!.IsClosed);
        Assert.True(second.Connected()!.IsClosed);
        Assert.Single(_rejected);
        first.Connected()!.Connection.Close();
        Seconds(1);
        Assert.False(Connect(_b, _a).IsClosed);
    }

    [Fact]
    public void A_paused_listener_takes_its_backlog_and_no_more()
    {
        Listen(_a, new StreamOptions { Backlog = 2 });
        _a.Pause();
        var attempts = Enumerable.Range(0, 5).Select(_ => Begin(_b, "a", seconds: 100)).ToArray();
        Seconds(2);
        Assert.Equal(2, attempts.Count(attempt => attempt.Connected() is not null));
        _a.Resume();
        Seconds(10);
        Assert.Equal(5, attempts.Count(attempt => attempt.Connected() is not null));
    }

    [Fact]
    public void Changing_bytes_before_their_write_completes_fails_the_run()
    {
        var client = Connect(_a, _b);
        var bytes = new byte[10];
        client.Connection.Write(bytes, _ => { });
        bytes[0] = 1;
        var error = Assert.Throws<SimulationException>(() => Seconds(1));
        Assert.Contains("changed before its completion", error.Message, StringComparison.Ordinal);
    }
}
