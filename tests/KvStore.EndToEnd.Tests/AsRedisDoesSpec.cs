namespace KvStore.EndToEnd;

/// <summary>The same commands to a real redis-server and to a cluster of three nodes, each through another node: the replies are the same bytes.</summary>
public sealed class AsRedisDoesSpec : IClassFixture<AsRedisDoesSpec.Both>, IDisposable
{
    private readonly RawRedis _theirs;
    private readonly RawRedis[] _ours;
    private int _asked;

    public AsRedisDoesSpec(Both both)
    {
        _theirs = new RawRedis(both.Redis.Port);
        _ours = [.. Enumerable.Range(1, 3).Select(node => new RawRedis(both.Cluster.RespPort(node)))];
    }

    public void Dispose()
    {
        foreach (var connection in _ours.Append(_theirs)) connection.Dispose();
    }

    [Fact]
    public void Commands_typed_one_after_the_other_are_answered_alike()
    {
        foreach (var line in Script.Split('\n', StringSplitOptions.RemoveEmptyEntries)) AskBoth(line.Split(' '));
    }

    [Fact]
    public void Random_commands_are_answered_alike()
    {
        var random = new Random(20261128);
        for (var i = 0; i < 1500; i++) AskBoth(RandomCommand(random));
    }

    [Fact]
    public void The_third_version_of_the_protocol_says_null_alike()
    {
        _theirs.Ask("HELLO", "3");
        foreach (var connection in _ours) Assert.StartsWith("%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n", connection.Ask("HELLO", "3"), StringComparison.Ordinal);
        AskBoth("GET", "r3");
        AskBoth("SET", "r3", "v", "GET");
        AskBoth("MGET", "r3", "r3-absent");
        AskBoth("HELLO", "4");
        _theirs.Ask("RESET");
        foreach (var connection in _ours) Assert.Equal("+RESET\r\n", connection.Ask("RESET"));
        AskBoth("GET", "r3-absent");
    }

    [Fact]
    public void Keys_are_listed_alike()
    {
        AskBoth("FLUSHDB");
        var random = new Random(7);
        for (var i = 0; i < 300; i++) SetBoth($"{"abc[]*?-\\\n\0"[random.Next(11)]}{(char)random.Next(1, 256)}key:{i % 100}");
        AskBoth("DBSIZE");
        foreach (var pattern in (string[])["*", "a*", "?[a-m]*", "\\**", "[^abc]*:1?", "*:7", "[\\]\\[]*", "nothing", "", "*[0-4", "a\\"])
        {
            string[] command = ["KEYS", pattern];
            var expected = Sorted(_theirs.Ask(command));
            foreach (var connection in _ours) Assert.Equal(expected, Sorted(connection.Ask(command)));
            if (pattern.Length > 0) Assert.Equal(expected, Walk(_ours[0], "MATCH", pattern, "COUNT", "7"));
        }
        Assert.Empty(Walk(_ours[1], "TYPE", "list"));
        Assert.Equal(Sorted(_theirs.Ask("KEYS", "*")), Walk(_ours[1], "TYPE", "string"));
        AskBoth("FLUSHDB");
        AskBoth("DBSIZE");
        AskBoth("KEYS", "*");
    }

    [Fact]
    public void Pipelined_commands_are_answered_in_order_and_see_each_other()
    {
        string[][] commands = [.. Enumerable.Range(0, 300).Select(i => (string[])(i % 3 == 0 ? ["INCR", $"p{i % 7}"] : i % 3 == 1
            ? ["APPEND", $"q{i % 5}", $"{i},"]
            : ["GET", $"q{(i - 1) % 5}"]))];
        foreach (var command in commands)
        {
            _theirs.Send(command);
            _ours[0].Send(command);
        }
        foreach (var command in commands)
        {
            var shown = string.Join(' ', command);
            Assert.Equal($"{shown}: {_theirs.Receive()}", $"{shown}: {_ours[0].Receive()}");
        }
    }

    /// <summary>A redis-server and a cluster, for all tests of the class.</summary>
    public sealed class Both : IAsyncLifetime
    {
        internal RealCluster Cluster { get; private set; } = null!;

        internal RedisServer Redis { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Redis = await RedisServer.Start();
            Cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(AsRedisDoesSpec)));
        }

        public async Task DisposeAsync()
        {
            Redis.Dispose();
            await Cluster.DisposeAsync();
        }
    }

    private void AskBoth(params string[] command)
    {
        var shown = string.Join(' ', command);
        Assert.Equal($"{shown}: {_theirs.Ask(command)}", $"{shown}: {_ours[_asked++ % _ours.Length].Ask(command)}");
    }

    private void SetBoth(string key)
    {
        Assert.Equal("+OK\r\n", _theirs.Ask("SET", key, "v"));
        Assert.Equal("+OK\r\n", _ours[_asked++ % _ours.Length].Ask("SET", key, "v"));
    }

    /// <summary>The keys of a listing. None of them has a line break followed by a dollar sign.</summary>
    private static IEnumerable<string> Sorted(string reply) =>
        reply.Split("\r\n$")[1..].Select(key => key.TrimEnd('\r', '\n')).Order(StringComparer.Ordinal);

    /// <summary>What SCAN meets from the beginning to the end; each key once.</summary>
    private static IEnumerable<string> Walk(RawRedis connection, params string[] options)
    {
        var (cursor, found) = ("0", new List<string>());
        do
        {
            var reply = connection.Ask(["SCAN", cursor, .. options]).Split("\r\n", 4);
            cursor = reply[2];
            found.AddRange(Sorted(reply[3]));
        }
        while (cursor != "0");
        return found.Order(StringComparer.Ordinal);
    }

    private static string[] RandomCommand(Random random)
    {
        string Key() => $"k{random.Next(6)}";
        string Number() => random.Next(4) == 0 ? "9223372036854775800" : $"{random.Next(-20, 20)}";
        string Value() => random.Next(3) switch { 0 => "", 1 => Number(), _ => new string((char)random.Next(1, 256), random.Next(20)) };
        string Seconds() => $"{random.Next(-1, 3) * 1000}";
        return random.Next(24) switch
        {
            0 or 1 => ["SET", Key(), Value()],
            2 => ["SET", Key(), Value(), random.Next(2) == 0 ? "NX" : "XX"],
            3 => ["SET", Key(), Value(), "GET", "EX", "1000"],
            4 => ["SET", Key(), Value(), "KEEPTTL"],
            5 or 6 => ["GET", Key()],
            7 => ["MGET", Key(), Key(), "absent", Key()],
            8 => ["MSET", Key(), Value(), Key(), Value()],
            9 => ["DEL", Key(), Key()],
            10 => ["EXISTS", Key(), Key(), Key()],
            11 => ["APPEND", Key(), Value()],
            12 => ["INCR", Key()],
            13 => ["DECRBY", Key(), Number()],
            14 => ["INCRBY", Key(), Number()],
            15 => ["SETNX", Key(), Value()],
            16 => ["GETSET", Key(), Value()],
            17 => ["GETDEL", Key()],
            18 => ["EXPIRE", Key(), Seconds()],
            19 => ["TTL", Key()],
            20 => ["PERSIST", Key()],
            21 => ["STRLEN", Key()],
            22 => ["EXPIRE", Key(), Seconds(), random.Next(4) switch { 0 => "NX", 1 => "XX", 2 => "GT", _ => "LT" }],
            _ => ["TYPE", Key()],
        };
    }

    private const string Script = """
        PING
        PING hello
        PING a b
        ECHO x
        ECHO
        SELECT 0
        SELECT 1000
        SELECT x
        GET
        GET a b
        GET absent
        SET s 1 EX 100
        TTL s
        SET s 1 EX 0
        SET s 1 EX -5
        SET s 1 EX x
        SET s 1 EX
        SET s 1 EX 10 PX 10
        SET s 1 NX XX
        SET s 1 KEEPTTL EX 1
        SET s 1 EX 9223372036854775807
        SET s 1 PXAT 1
        GET s
        SET s 1 NX GET
        SET s 2 NX GET
        SET s 2 XX GET EX 200
        TTL s
        SET s 3 KEEPTTL
        TTL s
        SET s 3
        TTL s
        SETEX s 100 v
        SETEX s 0 v
        SETEX s x v
        PSETEX s 100000 v
        PSETEX s -1 v
        TTL s
        GETEX s
        GETEX s EX 300
        TTL s
        GETEX s PERSIST
        TTL s
        GETEX s EX
        GETEX s NOPE
        GETEX s EX 1 PERSIST
        GETEX absent EX 10
        EXPIRE s 100
        EXPIRE s 50 GT
        EXPIRE s 50 LT
        TTL s
        EXPIRE s 10 NX
        EXPIRE s 10 NX XX
        EXPIRE s 10 GT LT
        EXPIRE s 10 NOPE
        EXPIRE s x
        EXPIRE s 9223372036854775807
        EXPIREAT s 99999999999
        EXPIRETIME s
        PEXPIREAT s 99999999999000
        PEXPIRETIME s
        PEXPIRE s -1
        EXISTS s
        EXPIRE absent 10
        TTL absent
        PTTL absent
        PERSIST absent
        STRLEN absent
        SET n 10
        INCR n
        DECR n
        INCRBY n 5
        DECRBY n 100
        INCRBY n x
        INCRBY n 1.5
        DECRBY n -9223372036854775808
        SET n 9223372036854775807
        INCR n
        SET n abc
        INCR n
        SET n 007
        INCR n
        APPEND ap hello
        APPEND ap world
        GET ap
        STRLEN ap
        MSET a 1 b 2 a 3
        MSET a
        MSET a 1 b
        MGET a b c
        MGET
        EXISTS a a b c
        DEL a a b c
        UNLINK a
        TYPE ap
        TYPE absent
        GETDEL ap
        GETDEL ap
        GETSET ap x
        GETSET ap y
        SETNX ap z
        SETNX az z
        GET az
        QUITX
        foo
        Foo Bar baz
        SET o v EX 10 EX 2000
        TTL o
        SET o v EX abc FOO
        SET o v EX 0 FOO
        SET o v EX abc EX 10
        SET o v EX 10 EX abc
        SET o v EX 10 EX
        SET o v KEEPTTL KEEPTTL
        SET o v NX EX abc
        SET o v GET EX 0
        SET o v PERSIST
        EXPIRE o abc FOO
        EXPIRE o abc NX XX
        EXPIRE o 9223372036854775807 foo
        EXPIRE nokey abc
        GETEX nokey EX 0
        GETEX nokey EX abc
        GETEX nokey EX
        GETEX nokey NOPE
        GETEX nokey EX abc FOO
        GETEX o EX 0
        GETEX o EX abc
        GETEX o EX abc FOO
        GETEX o EX 10 EX 2000
        TTL o
        GETEX o EX 10 PX 20
        GETEX o PERSIST EX 10
        GETEX o PERSIST PERSIST
        TTL o
        GETEX o KEEPTTL
        AUTH secret
        AUTH default secret
        AUTH nobody secret
        AUTH a b c
        CLIENT GETNAME
        CLIENT SETNAME me
        DBSIZE
        DBSIZE x
        KEYS
        KEYS nosuch*
        SCAN
        SCAN x
        SCAN 0 COUNT 0
        SCAN 0 COUNT x
        SCAN 0 COUNT
        SCAN 0 NOPE 1
        FLUSHDB NOPE
        FLUSHDB ASYNC
        DBSIZE
        FLUSHDB SYNC
        COMMAND GETKEYS GET a
        COMMAND GETKEYS MSET a 1 b 2
        """;
}
