namespace KvStore.EndToEnd;

/// <summary>Five node processes of which three are lost for good: the two that are left go on in a new generation of the ring.</summary>
public sealed class RecoverSpec : IAsyncLifetime
{
    private const int Keys = 30;

    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 5, TestPorts.OffsetOf(nameof(RecoverSpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Without_a_majority_a_ring_goes_on_when_somebody_has_said_so_and_the_lost_are_out_for_ever()
    {
        for (var i = 0; i < Keys; i++) await _cluster.Redis(1, "KV.PUT", $"k{i}", $"v{i}", "W", "3");
        await Refused("runs; nothing was changed", "", "3", "4", "5");
        Assert.Equal(0, (await _cluster.Kv("down")).ExitCode);

        await Refused("which is a majority", "", "3", "4");
        var asked = await Refused("that was not typed; nothing was changed", "yes\n", "3", "4", "5");
        var sentence = asked[(asked.IndexOf("type: ", StringComparison.Ordinal) + 6)..].Split('\n')[0];
        var recovered = await Recover(sentence + "\n", "3", "4", "5");
        Assert.True(recovered.ExitCode == 0, recovered.Errors);
        Assert.StartsWith("the ring is 2.2 ", recovered.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _cluster.Kv("up", "--detach")).ExitCode);
        await Waiting.Until(async () => Epochs(await _cluster.Kv("status")).SequenceEqual(["2.2", "2.2"]), "both are in the new generation");
        await Waiting.Until(async () => await AllRead(1) && await AllRead(2), "both know of every key whether it is there");
        Assert.Equal("OK", await _cluster.Redis(1, "SET", "after", "x"));
        Assert.Equal("x", await _cluster.Redis(2, "GET", "after"));

        // What comes back of the old generation hears of the new one, and ends; started again, it does not even begin.
        for (var i = 0; i < 2; i++)
        {
            var old = await Programs.Run("dotnet", [Programs.Server, "--config", Path.Combine(_cluster.DataOf(3), "..", "node.conf")]);
            Assert.Equal(0, old.ExitCode);
            Assert.Contains("no member of the ring any more", old.Output + old.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>Every key is there, or known not to be: a partition that only the lost had begins empty.</summary>
    private async Task<bool> AllRead(int node)
    {
        for (var i = 0; i < Keys; i++)
        {
            if (await _cluster.Redis(node, "GET", $"k{i}") is var value && value != $"v{i}" && value.Length > 0) return false;
            if ((await _cluster.Redis(node, "GET", $"nothing{i}")).Length > 0) return false;
        }
        return true;
    }

    private async Task<string> Refused(string words, string typed, params string[] lost)
    {
        var ended = await Recover(typed, lost);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(words, ended.Errors, StringComparison.Ordinal);
        return ended.Errors;
    }

    private Task<Ended> Recover(string typed, params string[] lost) => _cluster.KvTyped(typed, ["recover", "--lost", .. lost]);

    private static IEnumerable<string> Epochs(Ended status) => status.Output.Split('\n').Skip(1).Select(line => line.Split('\t')[4]);
}
