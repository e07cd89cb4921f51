namespace Akka.Util;

/// <summary>A reference that several threads may compare and set.</summary>
public class AtomicReference<T> where T : class
{
    private T? _reference;

    public AtomicReference(T originalValue) => _reference = originalValue;

    public AtomicReference()
    {
    }

    public T Value
    {
        get => Volatile.Read(ref _reference)!;
        set => Volatile.Write(ref _reference, value);
    }

    public static implicit operator T(AtomicReference<T> atomicReference) => atomicReference.Value;

    public bool CompareAndSet(T expected, T newValue) =>
        ReferenceEquals(Interlocked.CompareExchange(ref _reference, newValue, expected), expected);

    public T GetAndSet(T newValue) => Interlocked.Exchange(ref _reference, newValue)!;
}
