using System.Diagnostics.CodeAnalysis;

namespace KvStore.Server.Keys;

/// <summary>A result, or the problem in its place.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;

    public Outcome(T value)
        : this(value, null)
    {
    }

    private Outcome(T value, Problem? problem) => (_value, Problem) = (value, problem);

    public Problem? Problem { get; }

    /// <summary>False when there is a problem instead.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, Problem);
        return problem is null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default!, problem);
}
