namespace KvStore.Core.Registers;

/// <summary>What a compare-and-set expects to find.</summary>
public abstract record RegisterExpectation
{
    private RegisterExpectation()
    {
    }

    /// <summary>Whether a value is what is expected.</summary>
    public abstract bool Matches(RegisterValue value);

    /// <summary>No value: never written, or deleted.</summary>
    public sealed record IsAbsent : RegisterExpectation
    {
        public override bool Matches(RegisterValue value) => value.Data is null;
    }

    /// <summary>The version that an earlier answer named.</summary>
    public sealed record HasVersion(ulong Version) : RegisterExpectation
    {
        public override bool Matches(RegisterValue value) => value.Version == Version;
    }

    /// <summary>Exactly these bytes.</summary>
    public sealed record HasData(ReadOnlyMemory<byte> Data) : RegisterExpectation
    {
        public override bool Matches(RegisterValue value) => value.Data is { } data && data.Span.SequenceEqual(Data.Span);
    }
}
