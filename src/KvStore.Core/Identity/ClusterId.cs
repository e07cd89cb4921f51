using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>
/// A cluster's identity: 128 random bits drawn once, by the node that was started with <c>--init</c>. Every ring message
/// carries it, and a node of another cluster is refused by name: two clusters never merge.
/// </summary>
public readonly record struct ClusterId(ulong High, ulong Low)
{
    /// <summary>No cluster yet: a node that has never been admitted.</summary>
    public static readonly ClusterId None;

    /// <summary>Whether this is the absent id.</summary>
    public bool IsNone => High == 0 && Low == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
