using System.Diagnostics;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>Runs real programs and says what they printed.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(TestLength.Of(120, 1_200));

    /// <summary>The CLI beside this assembly's own output folder, so that tests run what was built with them.</summary>
    public static string Cli { get; } = Beside("KvStore.Cli");

    /// <summary>The node's executable, from the same build.</summary>
    public static string Server { get; } = Beside("KvStore.Server");

    /// <summary>The top of the repository.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static Task<Ended> Kv(params string[] arguments) => Run("dotnet", [Cli, .. arguments]);

    /// <summary>The CLI with this on its standard input.</summary>
    public static Task<Ended> Kv(string typed, string[] arguments) => Run("dotnet", [Cli, .. arguments], typed);

    /// <summary>One of the programs under examples/.</summary>
    public static Task<Ended> Example(string name, params string[] arguments) => Run("dotnet", [Beside(name), .. arguments]);

    /// <summary>`./kv bench`.</summary>
    public static Task<Ended> Bench(params string[] arguments) => Run("dotnet", [Beside("KvStore.Benchmarks"), .. arguments]);

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "KvStore.sln")) ? folder.FullName : FindRoot(folder.Parent!);

    private static string Beside(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), $"{project}.dll"));

    public static Task<Ended> RedisCli(int port, params string[] arguments) =>
        Run("redis-cli", ["-h", "127.0.0.1", "-p", $"{port}", .. arguments]);

    /// <param name="input">What it reads, in the same encoding as what it prints.</param>
    public static async Task<Ended> Run(string program, IReadOnlyList<string> arguments, string? input = null, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = encoding,
            StandardInputEncoding = encoding,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var tooLong = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in {Patience.TotalSeconds} s.");
        }
        return new Ended(process.ExitCode, (await output).TrimEnd('\n'), (await errors).TrimEnd('\n'));
    }
}

/// <summary>How a program ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);
