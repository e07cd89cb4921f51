using System.Text;

namespace Akka.Routing;

/// <summary>
/// The hash of keys and points: FNV-1a over the bytes (UTF-8 of texts), finished by MurmurHash3's mixer so that similar texts, such
/// as the points of one node, fall far apart. The same in every process.
/// </summary>
internal static class RingHash
{
    public static uint Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 16777619u;
        }
        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35u;
        return hash ^ (hash >> 16);
    }
}
