namespace Akka.Util.Internal;

/// <summary>A 32-bit counter that several threads may use.</summary>
public class AtomicCounter(int initialValue)
{
    private int _value = initialValue;

    public AtomicCounter() : this(0)
    {
    }

    public int Current => Volatile.Read(ref _value);

    public int Next() => Interlocked.Increment(ref _value);

    public int IncrementAndGet() => Interlocked.Increment(ref _value);

    public int GetAndIncrement() => Interlocked.Increment(ref _value) - 1;

    public int Decrement() => Interlocked.Decrement(ref _value);

    public int DecrementAndGet() => Interlocked.Decrement(ref _value);

    public int GetAndDecrement() => Interlocked.Decrement(ref _value) + 1;

    public int AddAndGet(int amount) => Interlocked.Add(ref _value, amount);

    public int GetAndAdd(int amount) => Interlocked.Add(ref _value, amount) - amount;

    public int GetAndSet(int value) => Interlocked.Exchange(ref _value, value);

    public bool CompareAndSet(int expected, int newValue) =>
        Interlocked.CompareExchange(ref _value, newValue, expected) == expected;

    public void Reset() => Volatile.Write(ref _value, 0);
}
