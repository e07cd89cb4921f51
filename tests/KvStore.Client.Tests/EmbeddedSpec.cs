using System.Diagnostics;

namespace KvStore.Client.Tests;

/// <summary>The store inside an application's own cluster: the program under examples/ as a process of its own.</summary>
public sealed class EmbeddedSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_member_that_the_application_gives_up_changes_nothing_of_who_owns_what()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Embedded.dll");
        var ports = SmallCluster.FreePorts(3).Select(port => $"{port}");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. ports])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal("", await errors);
        Assert.Equal(
            """
            the store has 3 nodes
            fruit is apple
            the cluster has 2 members, the store's ring 3
            fruit is apple

            """, await output);
        Assert.Equal(0, process.ExitCode);
    }
}
