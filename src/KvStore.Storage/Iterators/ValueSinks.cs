using System.Buffers;

namespace KvStore.Storage.Iterators;

/// <summary>Makes a new array of the value.</summary>
internal struct ArraySink : IValueSink
{
    internal byte[]? Value;

    public void Accept(ReadOnlySpan<byte> value) => Value = value.ToArray();
}

/// <summary>Copies as much of the value as fits, and remembers its whole length.</summary>
internal ref struct SpanSink(Span<byte> destination) : IValueSink
{
    private readonly Span<byte> _destination = destination;
    internal int Length;

    public void Accept(ReadOnlySpan<byte> value)
    {
        Length = value.Length;
        value[..Math.Min(value.Length, _destination.Length)].CopyTo(_destination);
    }
}

/// <summary>Writes the value to a buffer writer.</summary>
internal readonly struct WriterSink(IBufferWriter<byte> writer) : IValueSink
{
    public void Accept(ReadOnlySpan<byte> value) => writer.Write(value);
}

/// <summary>Only wants to know that there is a value.</summary>
internal readonly struct NoSink : IValueSink
{
    public void Accept(ReadOnlySpan<byte> value)
    {
    }
}
