using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Changes of the ring, as an operator makes them through one node.</summary>
internal static class RingChanges
{
    /// <summary>Until a newcomer's request to be let in has come.</summary>
    public static Task UntilStaged(HttpDoor node) =>
        Waiting.Until(async () => (await node.Get("ring")).GetProperty("staged").GetArrayLength() == 1, "a newcomer has asked to be let in");

    /// <summary>Plans what is staged and commits it; returns the plan.</summary>
    public static async Task<JsonElement> Commit(HttpDoor node)
    {
        var plan = await node.Get("ring/plan");
        await node.Post("ring/commit");
        return plan;
    }

    /// <summary>Until every partition is where the last change puts it.</summary>
    public static Task UntilSettled(HttpDoor node) =>
        Waiting.Until(
            async () => await node.Get("ring") is var ring && !ring.GetProperty("changing").GetBoolean() && !ring.GetProperty("proposing").GetBoolean(),
            "the ring has settled");

    /// <summary>Which nodes own each partition.</summary>
    public static async Task<ILookup<int, string>> OwnersOf(HttpDoor node)
    {
        var owners = from partition in (await node.Get("ring?partitions=true")).GetProperty("owners").EnumerateArray()
                     from owner in partition.GetProperty("primaries").EnumerateArray()
                     select (Partition: partition.GetProperty("partition").GetInt32(), Node: owner.GetString()!);
        return owners.ToLookup(owner => owner.Partition, owner => owner.Node);
    }
}
