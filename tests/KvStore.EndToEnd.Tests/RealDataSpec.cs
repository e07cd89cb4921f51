using System.Text;
using Xunit.Abstractions;

namespace KvStore.EndToEnd;

/// <summary>
/// The package index of the machine in a cluster of real processes, loaded by redis-cli and compared record by record after everything that
/// happens to the cluster.
/// </summary>
public sealed class RealDataSpec(ITestOutputHelper output) : IAsyncLifetime
{
    private IReadOnlyList<(string Key, string Value)> _records = [];
    private RealCluster _cluster = null!;
    private RealNode? _fourth;
    private RealNode? _fifth;

    public async Task InitializeAsync()
    {
        _records = await PackageRecords.Read(TestLength.Of(3_000, int.MaxValue));
        _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(RealDataSpec)));
    }

    public async Task DisposeAsync()
    {
        if (_fourth is not null) await _fourth.DisposeAsync();
        if (_fifth is not null) await _fifth.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Every_record_is_there_after_a_kill_a_newcomer_and_a_replacement()
    {
        await Load(_records, through: 1);
        await AllAreThere(_cluster.RespPort(2));

        await _cluster.Kill(3);
        await AllAreThere(_cluster.RespPort(1));
        await Revise(through: 2);
        await _cluster.Up();
        await UntilHealed(_cluster.Door(1), _cluster.Door(2), _cluster.Door(3));
        await AllAreThere(_cluster.RespPort(3));

        await _cluster.Down();
        await TheDataDirectoriesAreAlike();
        await OneChangedByteIsNoticed();
        await _cluster.Up();

        await AFourthNodeJoins();
        await AllAreThere(_fourth!.Ports.Resp);

        await TheSecondIsLostAndReplaced();
        await AllAreThere(_fifth!.Ports.Resp);
        await TheOwnersHoldAlike(
            (_cluster.Door(1), _cluster.DataOf(1)), (_cluster.Door(3), _cluster.DataOf(3)), (_fourth.Door, _fourth.Data), (_fifth.Door, _fifth.Data));
    }

    private async Task Load(IReadOnlyList<(string Key, string Value)> records, int through)
    {
        var commands = string.Concat(records.Select(record => Encoding.Latin1.GetString(RespClient.Encode("SET", record.Key, record.Value))));
        var pipe = await Programs.Run("redis-cli", ["-p", $"{_cluster.RespPort(through)}", "--pipe"], commands, Encoding.Latin1);
        Assert.EndsWith($"errors: 0, replies: {records.Count}", pipe.Output, StringComparison.Ordinal);
        output.WriteLine($"{records.Count} records, {records.Sum(record => (long)record.Value.Length)} bytes, largest "
            + $"{records.Max(record => record.Value.Length)}, loaded through node {through}");
    }

    private async Task AllAreThere(int port)
    {
        using var connection = await RespClient.Connect(port);
        var answers = await connection.AskAll([.. _records.Select(record => (string[])["GET", record.Key])]);
        for (var i = 0; i < _records.Count; i++)
            Assert.True(answers[i].Text == _records[i].Value, $"{_records[i].Key} is {answers[i]}");
        output.WriteLine($"{answers.Count} records compared through port {port}");
    }

    /// <summary>Every tenth record gets a new text, while one node is away.</summary>
    private async Task Revise(int through)
    {
        var revised = _records.Select((record, i) => i % 10 == 0 ? (record.Key, Value: $"{record.Value}\nRevised: yes") : record).ToList();
        await Load([.. revised.Where((_, i) => i % 10 == 0)], through);
        _records = revised;
    }

    private static async Task UntilHealed(params HttpDoor[] nodes)
    {
        await Waiting.UntilHintsAreDelivered(nodes);
        await Waiting.UntilTreesAreEqual(nodes);
    }

    private async Task TheDataDirectoriesAreAlike()
    {
        var dumps = new List<ILookup<int, string>>();
        for (var node = 1; node <= 3; node++) dumps.Add(await DataDumps.Of(_cluster.DataOf(node)));
        Assert.Equal(_records.Count, DataDumps.AssertAlike(dumps, replicas: 3));
    }

    /// <summary>Heals and stops the nodes, and compares what they hold of what is theirs.</summary>
    private async Task TheOwnersHoldAlike(params (HttpDoor Door, string Data)[] nodes)
    {
        await UntilHealed([.. nodes.Select(node => node.Door)]);
        var owners = await RingChanges.OwnersOf(nodes[0].Door);
        var ids = new List<string>();
        foreach (var node in nodes) ids.Add((await node.Door.Get("status")).GetProperty("node_id").GetString()!);
        await Task.WhenAll(_fourth!.Stop(), _fifth!.Stop(), _cluster.Down());
        var dumps = new Dictionary<string, ILookup<int, string>>();
        foreach (var (id, node) in ids.Zip(nodes)) dumps[id] = await DataDumps.Of(node.Data);
        Assert.Equal(_records.Count, DataDumps.AssertAlike(dumps, owners));
    }

    /// <summary>In one record, in whichever of the node's files it is: the dump ends there, and names the file.</summary>
    private async Task OneChangedByteIsNoticed()
    {
        var bytes = Encoding.Latin1.GetBytes(_records[1].Value);
        var files = Directory.EnumerateFiles(_cluster.DataOf(2)).Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files) ChangeOneByte(file, bytes);
        var damaged = await Programs.Kv("dump", _cluster.DataOf(2));
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains(files, file => damaged.Errors.Contains(Path.GetFileName(file), StringComparison.Ordinal));

        foreach (var file in files) ChangeOneByte(file, bytes);
        await TheDataDirectoriesAreAlike();
    }

    /// <summary>Done twice it is as it was.</summary>
    private static void ChangeOneByte(string file, ReadOnlySpan<byte> within)
    {
        var content = File.ReadAllBytes(file);
        var tail = within[1..];
        content[content.AsSpan().IndexOf(tail) - 1] ^= 1;
        File.WriteAllBytes(file, content);
    }

    private async Task AFourthNodeJoins()
    {
        _fourth = _cluster.Newcomer(4);
        _fourth.Start();
        await RingChanges.UntilStaged(_cluster.Door(1));
        await RingChanges.Commit(_cluster.Door(1));
        await _fourth.UntilReady();
        await RingChanges.UntilSettled(_cluster.Door(1));
    }

    /// <summary>Its disk is gone with it.</summary>
    private async Task TheSecondIsLostAndReplaced()
    {
        var lost = (await _cluster.Door(2).Get("status")).GetProperty("node_id").GetString();
        await _cluster.Kill(2);
        Directory.Delete(_cluster.DataOf(2), recursive: true);
        _fifth = _cluster.Newcomer(5, $"kv-store.node.id = \"{NodeGroup.IdOf(5)}\"");
        _fifth.Start();
        await RingChanges.UntilStaged(_cluster.Door(1));
        await _cluster.Door(1).Post($"ring/replace?id={lost}&by={NodeGroup.IdOf(5)}");
        var plan = await RingChanges.Commit(_cluster.Door(1));
        Assert.False(plan.GetProperty("at_risk").GetBoolean());
        await _fifth.UntilReady();
        await RingChanges.UntilSettled(_cluster.Door(1));
    }
}
