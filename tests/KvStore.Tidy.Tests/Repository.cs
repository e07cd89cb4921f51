using System.Diagnostics;

namespace KvStore.Tidy;

/// <summary>The files of this repository, as git sees them: tracked, or new and not ignored.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with '/', sorted.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> FilesUnder(string folder, string extension) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(extension, StringComparison.Ordinal));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>One failure for all findings, each on its own line, so that one run shows everything there is to mend.</summary>
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{rule}\n  {string.Join("\n  ", all)}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "KvStore.sln"))) return folder.FullName;
        throw new InvalidOperationException(
            $"KvStore.sln is in no folder above {AppContext.BaseDirectory}; run the tests inside the repository.");
    }

    private static List<string> ListFiles()
    {
        var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-co", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(f => File.Exists(Path.Combine(Root, f)))
            .Order(StringComparer.Ordinal)
            .ToList();
    }
}
