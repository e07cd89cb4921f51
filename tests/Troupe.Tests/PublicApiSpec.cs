using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using PublicApiTool;

namespace Troupe.Tests;

/// <summary>
/// The public members in `Akka.*` are those of the approved list, each of which the real packages have too (eng/compare-public-api
/// compares it with them). KV_REWRITE=1 writes the list anew.
/// </summary>
public class PublicApiSpec
{
    [Fact]
    public void The_public_members_are_the_approved_ones()
    {
        Assembly[] assemblies = [typeof(ActorSystem).Assembly, Assembly.Load("Troupe.TestKit")];
        var actual = string.Join('\n', PublicApi.Lines(assemblies.SelectMany(PublicApi.Of))) + "\n";
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1") File.WriteAllText(Approved(), actual);

        Assert.Equal(File.ReadAllText(Approved()), actual);
    }

    private static string Approved([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "PublicApi.approved.txt");
}
