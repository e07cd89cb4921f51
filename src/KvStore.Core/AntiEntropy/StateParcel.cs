using KvStore.Core.Causality;

namespace KvStore.Core.AntiEntropy;

/// <summary>How many states one message of an exchange takes: the line between two nodes drops what is larger than its queue.</summary>
internal static class StateParcel
{
    /// <summary>How many of the first of these fit into so many bytes; one, however large it is, and those that say only that nothing is held.</summary>
    public static int CountThatFit(IEnumerable<KeyState> states, long bytes)
    {
        var (count, size) = (0, 0L);
        foreach (var state in states)
        {
            size += SizeOf(state);
            if (count > 0 && size > bytes)
                break;
            count++;
        }

        return count;
    }

    /// <summary>About as many bytes as it takes on the wire; 0 when nothing is held.</summary>
    public static long SizeOf(KeyState state) => state.Set.IsEmpty ? 0 : state.Key.Key.Length + SiblingSetCodec.MaxSize(state.Set);
}
