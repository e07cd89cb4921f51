using KvStore.Node.Settings;

namespace KvStore.Server.Settings;

/// <summary>Section <c>kv-store.process</c>: how the machine runs this process.</summary>
/// <param name="RunsAsBatch">Whether its threads give way to no thread that has just become ready (<see cref="BatchScheduling"/>).</param>
public sealed record ProcessSettings(bool RunsAsBatch)
{
    /// <summary>Mistakes are left in the reader: these settings are good only if there are none.</summary>
    public static ProcessSettings Read(SettingsReader reader)
    {
        var scheduling = reader.Text("kv-store.process.scheduling");
        if (scheduling is not ("batch" or "normal"))
            reader.Mistake("kv-store.process.scheduling", $"'{scheduling}' is neither batch nor normal");
        return new ProcessSettings(scheduling == "batch");
    }
}
