namespace KvStore.Storage.Tests;

/// <summary>Files as releases wrote them. KV_REWRITE=1 writes them anew: that is a new format, and needs a new version
/// number.</summary>
internal static class GoldenFiles
{
    internal static void AreAsWritten(string name, byte[] written)
    {
        string path = Path.Combine(SourceDirectory(), name);
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1")
            File.WriteAllBytes(path, written);
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(path)), Convert.ToHexString(written));
    }

    private static string SourceDirectory()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "KvStore.sln")))
            directory = directory.Parent;
        return Path.Combine(directory.FullName, "tests", "KvStore.Storage.Tests", "Golden");
    }
}
