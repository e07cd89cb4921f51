using KvStore.Node.Settings;

namespace KvStore.Node.Tests.Settings;

public sealed class ConfigurationFilesSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_includes_others_by_names_relative_to_itself()
    {
        Write("shared.conf", "kv-store.quorum.n = 5");
        var config = ConfigurationFiles.Load(Write("node.conf", "include \"shared.conf\"\nkv-store.quorum.r = 3"));
        Assert.Equal((5, 3, 2), (config.GetInt("kv-store.quorum.n"), config.GetInt("kv-store.quorum.r"), config.GetInt("kv-store.quorum.w")));
    }

    [Fact]
    public void The_development_cluster_of_the_repository_reads_as_three_nodes_of_one_ring()
    {
        var nodes = Enumerable.Range(1, 3)
            .Select(i => NodeSettings.Read(ConfigurationFiles.Load(Path.Combine(RepositoryRoot(), "hocon", "dev-cluster", $"n{i}.conf"))))
            .ToList();
        Assert.Equal(3, nodes.Select(node => node.Id).Distinct().Count());
        Assert.Single(nodes.Select(node => StaticRing.Of(node).Cluster).Distinct());
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.conf", Assert.Throws<SettingsException>(() =>
            ConfigurationFiles.Load(Path.Combine(_folder, "nowhere.conf"))).Message, StringComparison.Ordinal);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "KvStore.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
