namespace Akka.Remote.Wire;

/// <summary>The receiving half of <see cref="ManifestTable"/>. Owner: one connection's reader.</summary>
internal sealed class ManifestEntries
{
    private (int Serializer, string? Manifest)[] _pairs = new (int, string?)[16];

    internal (int Serializer, string Manifest) Read(ref FrameReader reader)
    {
        var tag = reader.ReadSmall(ManifestTable.Capacity << 1);
        var number = tag >> 1;
        if ((tag & 1) == 1)
            Define(ref reader, number);
        else if (number >= _pairs.Length || _pairs[number].Manifest is null)
            throw new MalformedFrameException($"manifest number {number}, which was never defined");
        return _pairs[number]!;
    }

    private void Define(ref FrameReader reader, int number)
    {
        if (number >= _pairs.Length)
            Array.Resize(ref _pairs, Math.Min(Math.Max(number + 1, _pairs.Length * 2), ManifestTable.Capacity));
        var zigzag = (uint)reader.ReadVarint();
        _pairs[number] = ((int)(zigzag >> 1) ^ -(int)(zigzag & 1), reader.ReadString(ManifestTable.MaxText));
    }
}
