using System.Globalization;
using System.Runtime.InteropServices;

namespace Troupe.Simulation;

/// <summary>What a step of the simulation is.</summary>
internal enum StepKind
{
    Work = 1,
    Timer,
    Continuation,
    Scenario,
    Connected,
    Accepted,
    Refused,
    Received,
    Written,
    Closed,
    Wire,
    Message,
    Fault,
}

/// <summary>
/// Folds every step into one 64-bit number: two runs with the same number took the same steps. Order matters; no hash of the
/// framework's is used, so that two processes agree.
/// </summary>
internal sealed class SimulationTrace(TextWriter? text)
{
    private const int MaxNames = 100_000;
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>Type and path names repeat: each is hashed once.</summary>
    private readonly Dictionary<string, ulong> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, (string Name, ulong Hash)> _types = [];

    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public long Steps { get; private set; }

    public void Step(TimeSpan time, int node, StepKind kind, string name, ulong detail = 0)
    {
        Steps++;
        Fold(time, node, kind, name, detail);
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{time.TotalMilliseconds,14:0.0000} n{node} {kind,-12} {name} {detail:x}"));
    }

    /// <summary>A part of a step: an actor handles a message.</summary>
    public void Message(TimeSpan time, int node, string actor, Type message)
    {
        if (!_types.TryGetValue(message, out var type))
        {
            type.Name = message.FullName ?? message.Name;
            type.Hash = HashOf(type.Name);
            _types.Add(message, type);
        }
        Fold(time, node, StepKind.Message, actor, type.Hash);
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{time.TotalMilliseconds,14:0.0000} n{node} {StepKind.Message,-12} {actor} {type.Name}"));
    }

    public static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325 ^ (ulong)bytes.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) hash = Mix(hash, BitConverter.IsLittleEndian ? word : Reverse(word));
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..]) hash = Mix(hash, rest);
        return hash;
    }

    private static ulong Reverse(ulong word) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);

    private ulong HashOf(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        var hash = HashOf(MemoryMarshal.AsBytes(name.AsSpan()));
        if (_names.Count >= MaxNames) _names.Clear();
        _names.Add(name, hash);
        return hash;
    }

    private void Fold(TimeSpan time, int node, StepKind kind, string name, ulong detail)
    {
        Fold((ulong)time.Ticks);
        Fold(((ulong)(uint)node << 32) | (uint)kind);
        Fold(HashOf(name));
        Fold(detail);
    }

    private void Fold(ulong value) => Hash = Mix(Hash, value);

    private static ulong Mix(ulong hash, ulong value) => ulong.RotateLeft((hash ^ value) * Prime, 29);
}
