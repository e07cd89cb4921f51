namespace KvStore.Storage.Tests;

/// <summary>Theory data: each of some values with each of others.</summary>
public sealed class EveryPair<TFirst, TSecond> : TheoryData<TFirst, TSecond>
{
    public EveryPair(IEnumerable<TFirst> firsts, IReadOnlyList<TSecond> seconds)
    {
        foreach (TFirst first in firsts)
        {
            foreach (TSecond second in seconds)
                Add(first, second);
        }
    }
}
