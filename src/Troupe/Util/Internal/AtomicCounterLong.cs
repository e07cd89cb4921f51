namespace Akka.Util.Internal;

/// <summary>A 64-bit counter that several threads may use.</summary>
public class AtomicCounterLong(long value)
{
    private long _value = value;

    public AtomicCounterLong() : this(0)
    {
    }

    public long Current => Volatile.Read(ref _value);

    public long Next() => Interlocked.Increment(ref _value);

    public long IncrementAndGet() => Interlocked.Increment(ref _value);

    public long GetAndIncrement() => Interlocked.Increment(ref _value) - 1;

    public long DecrementAndGet() => Interlocked.Decrement(ref _value);

    public long AddAndGet(long amount) => Interlocked.Add(ref _value, amount);

    public long GetAndAdd(long amount) => Interlocked.Add(ref _value, amount) - amount;

    public long GetAndSet(long value) => Interlocked.Exchange(ref _value, value);

    public bool CompareAndSet(long expected, long newValue) =>
        Interlocked.CompareExchange(ref _value, newValue, expected) == expected;

    public void Reset() => Volatile.Write(ref _value, 0);

    public override string ToString() => Current.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
