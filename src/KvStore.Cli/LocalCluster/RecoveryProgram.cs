using System.Diagnostics;
using System.Text.Json;

namespace KvStore.Cli.LocalCluster;

/// <summary>Runs the node's executable on the data of a stopped node, to see its ring or to recover it.</summary>
internal static class RecoveryProgram
{
    /// <exception cref="CliException">The data could not be opened; the message says why, and nothing was changed.</exception>
    public static async Task<JsonElement> Run(string configFile, IEnumerable<string> lost, bool confirmed, CancellationToken cancelled)
    {
        string[] confirmation = confirmed ? ["--confirmed"] : [];
        string[] arguments =
            [ServerProgram.Path, "--config", configFile, "--recover", .. lost.SelectMany(id => (string[])["--lost", id]), .. confirmation];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancelled), process.StandardError.ReadToEndAsync(cancelled));
        await process.WaitForExitAsync(cancelled);
        var said = (await output).Split('\n').LastOrDefault(line => line.StartsWith('{'));
        return said is not null
            ? JsonSerializer.Deserialize<JsonElement>(said)
            : throw new CliException(ExitCode.Failed, $"{configFile}: {(await errors).Trim()}");
    }
}
