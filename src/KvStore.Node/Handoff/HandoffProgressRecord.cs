using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Data;
using KvStore.Storage;

namespace KvStore.Node.Handoff;

/// <summary>
/// How far a stream has come, as it is on its receiver's disk: <c>format (1 byte) | complete (1 byte) | what the source had seen | state key
/// of the last name, or nothing</c>. What cannot be read counts as nothing: the stream then begins at the start.
/// </summary>
internal static class HandoffProgressRecord
{
    private const byte Format = 1;
    private const int Header = 2;

    public static byte[] BytesOf(HandoffId handoff, HandoffProgress progress)
    {
        var seen = progress.Seen ?? VersionVector.Empty;
        var last = progress.After is { } after ? DataKeys.State(handoff.Partition, after) : [];
        var bytes = new byte[Header + ClockCodec.MaxSize(seen) + last.Length];
        (bytes[0], bytes[1]) = (Format, progress.IsComplete ? (byte)1 : (byte)0);
        var length = Header + ClockCodec.Write(bytes.AsSpan(Header), seen);
        last.CopyTo(bytes, length);
        return bytes[..(length + last.Length)];
    }

    public static HandoffProgress Load(LsmStore store, HandoffId handoff) =>
        store.Get(DataKeys.Handoff(handoff)) is { Length: > Header } bytes && bytes[0] == Format ? Read(bytes) : default;

    private static HandoffProgress Read(ReadOnlySpan<byte> bytes)
    {
        var isComplete = bytes[1] == 1;
        var rest = bytes[Header..];
        if (!ClockCodec.TryReadVector(ref rest, out var seen)) return default;
        if (rest.IsEmpty) return new HandoffProgress(null, isComplete, seen);
        return DataKeys.TryReadState(rest, out _, out var name) ? new HandoffProgress(name, isComplete, seen) : default;
    }
}
