namespace Akka.Remote.Wire;

/// <summary>
/// The sending half of a connection's table of (serializer, manifest) pairs. As with paths, a definition travels inside the
/// frame that first uses it, and numbers are given round and round.
/// <para>Owner: one connection's write round.</para>
/// </summary>
internal sealed class ManifestTable
{
    internal const int Capacity = 512;

    internal const int MaxText = 4096;

    private readonly Dictionary<(int Serializer, string Manifest), int> _numbers = [];
    private readonly (int Serializer, string Manifest)[] _pairs = new (int, string)[Capacity];
    private int _next;
    private int _lastSerializer;
    private string? _lastManifest;
    private int _lastNumber;

    internal void Write(FrameBuffer target, int serializer, string manifest)
    {
        if (ReferenceEquals(manifest, _lastManifest) && serializer == _lastSerializer)
        {
            target.WriteVarint((ulong)_lastNumber << 1);
            return;
        }
        var pair = (serializer, manifest);
        if (_numbers.TryGetValue(pair, out var number))
            target.WriteVarint((ulong)number << 1);
        else
            number = Define(target, pair);
        (_lastSerializer, _lastManifest, _lastNumber) = (serializer, manifest, number);
    }

    private int Define(FrameBuffer target, (int Serializer, string Manifest) pair)
    {
        var number = _next % Capacity;
        if (_next >= Capacity)
            _numbers.Remove(_pairs[number]);
        _next++;
        _pairs[number] = pair;
        _numbers.Add(pair, number);
        target.WriteVarint((ulong)number << 1 | 1);
        target.WriteVarint((uint)(pair.Serializer << 1 ^ pair.Serializer >> 31));
        target.WriteString(pair.Manifest);
        return number;
    }
}
