namespace Akka.Util;

/// <summary>A boolean that several threads may compare and set.</summary>
public class AtomicBoolean(bool initialValue = false)
{
    private int _value = initialValue ? 1 : 0;

    public bool Value
    {
        get => Volatile.Read(ref _value) == 1;
        set => Volatile.Write(ref _value, value ? 1 : 0);
    }

    public static implicit operator bool(AtomicBoolean atomicBoolean) => atomicBoolean.Value;

    public bool CompareAndSet(bool expected, bool newValue) =>
        Interlocked.CompareExchange(ref _value, newValue ? 1 : 0, expected ? 1 : 0) == (expected ? 1 : 0);

    public bool GetAndSet(bool newValue) => Interlocked.Exchange(ref _value, newValue ? 1 : 0) == 1;
}
