using System.Buffers.Binary;
using System.Collections.Immutable;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;

namespace KvStore.Wire.Formats;

/// <summary>The bytes of the steps of an exchange. Kinds are numbered and never reused (6 and 7 were); sums and hashes are eight bytes, big-endian.</summary>
internal static class ExchangeFields
{
    private const int MinKey = 4;
    private const int HashSize = sizeof(ulong);

    public static void Exchange(this WireWriter writer, ExchangeMessage step)
    {
        writer.Count(step.Step);
        writer.Hash(step.Responder);
        switch (step)
        {
            case ExchangeMessage.Open open:
                writer.Byte(1);
                writer.Epoch(open.Epoch);
                writer.Count(open.Depth);
                writer.Hash(open.Root);
                writer.Vouched(open.Vouched);
                break;
            case ExchangeMessage.Opened opened:
                writer.Byte(2);
                writer.Count(opened.Depth);
                writer.Hash(opened.Root);
                writer.Vouched(opened.Vouched);
                break;
            case ExchangeMessage.Declined declined:
                writer.Byte(3);
                writer.Byte((byte)declined.Reason);
                writer.Epoch(declined.Fence);
                break;
            case ExchangeMessage.GetSums get:
                writer.Byte(4);
                writer.Count(get.Level);
                writer.Numbers(get.Parents);
                break;
            case ExchangeMessage.Sums sums:
                writer.Byte(5);
                writer.Count(sums.Level);
                writer.Numbers(sums.Parents);
                writer.Hashes(sums.Children);
                break;
            default:
                writer.Keys(step);
                break;
        }
    }

    public static ExchangeMessage Exchange(this ref WireReader reader)
    {
        var number = reader.Count(int.MaxValue);
        var responder = reader.Hash();
        return reader.Step() with { Step = number, Responder = responder };
    }

    private static ExchangeMessage Step(this ref WireReader reader) => reader.Choice(15, first: 1) switch
    {
        1 => new ExchangeMessage.Open(reader.Epoch(), reader.Count(HashTree.MaxDepth), reader.Hash(), reader.Vouched()),
        2 => new ExchangeMessage.Opened(reader.Count(HashTree.MaxDepth), reader.Hash(), reader.Vouched()),
        3 => new ExchangeMessage.Declined(reader.Choice<ExchangeEnd>(), reader.Epoch()),
        4 => new ExchangeMessage.GetSums(reader.Count(HashTree.MaxDepth), reader.Numbers()),
        5 => new ExchangeMessage.Sums(
            reader.Count(HashTree.MaxDepth), reader.Numbers(), reader.Hashes()),
        8 => new ExchangeMessage.Push(reader.KeyStates()),
        9 => new ExchangeMessage.Pushed(reader.KeyStates(), reader.Keys()),
        10 => new ExchangeMessage.Pull(reader.Keys()),
        11 => new ExchangeMessage.Pulled(reader.KeyStates(), reader.Keys()),
        12 => new ExchangeMessage.Failed(),
        13 => new ExchangeMessage.Complete(),
        14 => new ExchangeMessage.GetKeys(
            reader.Count(HashTree.MaxDepth), reader.Numbers(), reader.Range(), reader.Count(WireLimits.MaxList), reader.Hashes()),
        15 => new ExchangeMessage.Listed(reader.KeyHashes(), reader.Numbers(), reader.KeyOrNone()),
        var retired => throw new WireFormatException($"{retired} is no step of an exchange any more"),
    };

    public static void KeyHash(this WireWriter writer, KeyHash entry)
    {
        writer.Key(entry.Key);
        writer.Hash(entry.Hash);
    }

    public static ImmutableArray<KeyHash> KeyHashes(this ref WireReader reader) => reader.List(
        WireLimits.MaxList, MinKey + HashSize, static (ref WireReader source) => new KeyHash(source.Key(), source.Hash()));

    public static ImmutableArray<BucketKey> Keys(this ref WireReader reader) =>
        reader.List(WireLimits.MaxList, MinKey, static (ref WireReader source) => source.Key());

    public static void Hash(this WireWriter writer, ulong hash)
    {
        Span<byte> bytes = stackalloc byte[HashSize];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, hash);
        foreach (var octet in bytes)
            writer.Byte(octet);
    }

    public static ulong Hash(this ref WireReader reader)
    {
        var hash = 0UL;
        for (var i = 0; i < HashSize; i++)
            hash = (hash << 8) | reader.Byte();
        return hash;
    }

    private static void Vouched(this WireWriter writer, Vouched vouched)
    {
        writer.Vector(vouched.Origins);
        writer.Vector(vouched.Watermarks);
    }

    private static Vouched Vouched(this ref WireReader reader) => new(reader.Vector(), reader.Vector());

    /// <summary>Of a range that ends before it begins nothing can be listed.</summary>
    private static KeyRange Range(this ref WireReader reader)
    {
        var range = new KeyRange(reader.KeyOrNone(), reader.KeyOrNone());
        return range.Through <= range.After ? throw new WireFormatException("a range of keys ends before it begins") : range;
    }

    private static void Keys(this WireWriter writer, ExchangeMessage step)
    {
        switch (step)
        {
            case ExchangeMessage.GetKeys get:
                writer.Byte(14);
                writer.Count(get.Level);
                writer.Numbers(get.Leaves);
                writer.KeyOrNone(get.Range.After);
                writer.KeyOrNone(get.Range.Through);
                writer.Count(get.Most);
                writer.Hashes(get.Marks);
                break;
            case ExchangeMessage.Listed listed:
                writer.Byte(15);
                writer.Count(listed.Entries.Count);
                foreach (var entry in listed.Entries)
                    writer.KeyHash(entry);
                writer.Numbers(listed.Missing);
                writer.KeyOrNone(listed.Through);
                break;
            case ExchangeMessage.Push push:
                writer.States(8, push.States);
                break;
            case ExchangeMessage.Pushed pushed:
                writer.States(9, pushed.Differing);
                writer.Keys(pushed.Rest);
                break;
            case ExchangeMessage.Pull pull:
                writer.Byte(10);
                writer.Keys(pull.Keys);
                break;
            case ExchangeMessage.Pulled pulled:
                writer.States(11, pulled.States);
                writer.Keys(pulled.Rest);
                break;
            case ExchangeMessage.Failed:
                writer.Byte(12);
                break;
            case ExchangeMessage.Complete:
                writer.Byte(13);
                break;
        }
    }

    private static void Keys(this WireWriter writer, IReadOnlyList<BucketKey> keys)
    {
        writer.Count(keys.Count);
        foreach (var key in keys)
            writer.Key(key);
    }

    private static void States(this WireWriter writer, byte kind, IReadOnlyList<KeyState> states)
    {
        writer.Byte(kind);
        writer.Count(states.Count);
        foreach (var entry in states)
        {
            writer.Key(entry.Key);
            writer.State(entry.Set);
        }
    }

    private static ImmutableArray<KeyState> KeyStates(this ref WireReader reader) => reader.List(
        WireLimits.MaxList, MinKey + 2, static (ref WireReader source) => new KeyState(source.Key(), source.State()));

    private static void Hashes(this WireWriter writer, IReadOnlyList<ulong> hashes)
    {
        writer.Count(hashes.Count);
        foreach (var hash in hashes)
            writer.Hash(hash);
    }

    private static ImmutableArray<ulong> Hashes(this ref WireReader reader) =>
        reader.List(WireLimits.MaxList, HashSize, static (ref WireReader source) => source.Hash());

    private static void Numbers(this WireWriter writer, IReadOnlyList<int> numbers)
    {
        writer.Count(numbers.Count);
        foreach (var number in numbers)
            writer.Count(number);
    }

    private static ImmutableArray<int> Numbers(this ref WireReader reader) =>
        reader.List(WireLimits.MaxList, 1, static (ref WireReader source) => source.Count(int.MaxValue));
}
