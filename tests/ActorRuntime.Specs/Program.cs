using ActorRuntime.Specs.Clustering;

namespace ActorRuntime.Specs;

/// <summary>What a child process of the specs about separate processes runs. The test runner never comes here.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [MemberProgram.Command, var port, .. var seeds])
            return await MemberProgram.Run(port, seeds);
        await Console.Error.WriteLineAsync($"usage: ActorRuntime.Specs {MemberProgram.Command} PORT [SEED PORT]...");
        return 2;
    }
}
