namespace KvStore.Server.Resp;

/// <summary>One command of this door: what COMMAND and the documentation say of it, and what it does.</summary>
/// <param name="Name">In upper case.</param>
/// <param name="Arity">How many arguments with the name; -n for n or more. As Redis counts.</param>
/// <param name="Keys">Which arguments are keys.</param>
/// <param name="Flags">How it behaves.</param>
/// <param name="InEventual">What it is worth in buckets of siblings and of the last writer.</param>
/// <param name="InStrong">What it is worth in strong buckets.</param>
/// <param name="Summary">One line, for people.</param>
/// <param name="Execute">Does it.</param>
public sealed record RespCommandInfo(
    string Name, int Arity, KeyRange Keys, CommandFlags Flags, Fidelity InEventual, Fidelity InStrong, string Summary,
    Func<RespRequest, ValueTask<RespAnswer>> Execute)
{
    /// <summary>Whether the number of arguments, the name counted, is one that the command takes.</summary>
    public bool Takes(int count) => Arity >= 0 ? count == Arity : count >= -Arity;

    public bool Has(CommandFlags flag) => (Flags & flag) != 0;
}

/// <summary>
/// Which arguments are keys: from <paramref name="First"/> to <paramref name="Last"/> (negative: from the end), every
/// <paramref name="Step"/>th; the name is argument 0, and a first key of 0 means there are none. As Redis counts.
/// </summary>
public readonly record struct KeyRange(int First, int Last, int Step)
{
    public static readonly KeyRange None = new(0, 0, 0);
    public static readonly KeyRange One = new(1, 1, 1);
    public static readonly KeyRange All = new(1, -1, 1);
    public static readonly KeyRange Pairs = new(1, -1, 2);

    /// <summary>The keys among a command's arguments (its name not among them).</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Of(IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        var last = LastOf(arguments.Count);
        for (var i = First; i <= last; i += Step) yield return arguments[i - 1];
    }

    /// <summary>How many keys there are among so many arguments (the name not counted).</summary>
    public int CountOf(int arguments) => First == 0 ? 0 : Math.Max(0, (LastOf(arguments) - First) / Step + 1);

    /// <summary>Whether the argument at <paramref name="index"/> (from 1, the name not counted) is a key, among so many.</summary>
    public bool IsKey(int index, int arguments) => First != 0 && index >= First && index <= LastOf(arguments) && (index - First) % Step == 0;

    /// <summary>Where the last key may be, among so many arguments (the name not counted); before <see cref="First"/> if there is none.</summary>
    public int LastOf(int arguments) => First == 0 ? -1 : Math.Min(arguments, Last < 0 ? arguments + 1 + Last : Last);
}
