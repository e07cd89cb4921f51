using System.Runtime.CompilerServices;
using Petabridge.Cmd.Host;
using PublicApiTool;

namespace Troupe.Cmd.Tests;

/// <summary>
/// The public members are those of the approved list, each of which the packages' documentation or public code that uses them shows. KV_REWRITE=1
/// writes the list anew.
/// </summary>
public sealed class PublicApiSpec
{
    [Fact]
    public void The_public_members_are_the_approved_ones()
    {
        // What else an actor is depends on the runtime's own base class.
        var lines = PublicApi.Lines(PublicApi.Of(typeof(CommandPaletteHandler).Assembly))
            .Where(line => !line.StartsWith($"{typeof(CommandHandlerActor).FullName}: is ", StringComparison.Ordinal));
        var actual = string.Join('\n', lines) + "\n";
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1") File.WriteAllText(Approved(), actual);

        Assert.Equal(File.ReadAllText(Approved()), actual);
    }

    private static string Approved([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "PublicApi.approved.txt");
}
