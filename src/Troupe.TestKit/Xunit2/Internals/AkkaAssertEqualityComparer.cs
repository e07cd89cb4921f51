using System.Collections;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>
/// Equality as a test means it: equal by Equals, or collections with equal elements in the same order.
/// </summary>
public class AkkaAssertEqualityComparer<T>(bool skipTypeCheck = false, IEqualityComparer? innerComparer = null) : IEqualityComparer<T>
{
    public bool Equals(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null && y is null;
        }
        if (x.Equals(y))
        {
            return true;
        }
        if (x is string || y is string || (!skipTypeCheck && x.GetType() != y.GetType() && x is not ICollection))
        {
            return false;
        }
        return x is IEnumerable first && y is IEnumerable second && SameElements(first, second);
    }

    public int GetHashCode(T obj) =>
        throw new NotSupportedException("This comparer decides equality only; it is not for hash tables.");

    private bool SameElements(IEnumerable first, IEnumerable second)
    {
        var elements = innerComparer ?? ElementComparer.Instance;
        var left = first.GetEnumerator();
        var right = second.GetEnumerator();
        while (true)
        {
            var more = left.MoveNext();
            if (more != right.MoveNext())
            {
                return false;
            }
            if (!more)
            {
                return true;
            }
            if (!elements.Equals(left.Current, right.Current))
            {
                return false;
            }
        }
    }

    private sealed class ElementComparer : IEqualityComparer
    {
        public static readonly ElementComparer Instance = new();

        public new bool Equals(object? x, object? y) => new AkkaAssertEqualityComparer<object?>().Equals(x, y);

        public int GetHashCode(object obj) => obj.GetHashCode();
    }
}
