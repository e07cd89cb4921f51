using System.Buffers.Binary;
using KvStore.Core.Identity;
using KvStore.Node;

namespace KvStore.Server;

/// <summary>
/// How often a node id has been started: the file <c>starts-ID</c> beside the node's configuration, eight bytes, big-endian.
/// Written through to
/// the disk before the node does anything, so that no two starts share a number.
/// </summary>
public static class StartNumberFile
{
    /// <exception cref="IOException">The number cannot be read or made durable; the node must not start.</exception>
    public static NodeStart Next(string folder, NodeId id)
    {
        var path = Path.Combine(folder, $"starts-{id}");
        // WriteThrough: the write itself waits for the disk, and its failure is an exception.
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.WriteThrough);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        var length = file.ReadAtLeast(number, number.Length, throwOnEndOfStream: false);
        if (length != 0 && length != number.Length)
            throw new InvalidDataException($"{path} is damaged ({length} bytes instead of 8); the node was not started. Give the node a new id.");
        var next = checked((length == 0 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(number)) + 1);
        BinaryPrimitives.WriteUInt64BigEndian(number, next);
        file.Position = 0;
        file.Write(number);
        return new NodeStart(checked((uint)next));
    }
}
