namespace Akka.Util;

/// <summary>A hash that is the same in every process, so that nothing may ever depend on a random seed.</summary>
internal static class StableHash
{
    public static int Of(string text, int seed = 0)
    {
        var hash = (uint)seed ^ 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }
}
