using System.Globalization;
using System.Text;

namespace KvStore.Server.Resp;

/// <summary>
/// The commands that this door knows: name, number of arguments, what it does. An unknown name or a wrong number of arguments is
/// answered as Redis answers it, and changes nothing.
/// <para>Any thread; immutable once built.</para>
/// </summary>
public sealed class RespCommandTable
{
    private readonly Dictionary<string, Entry> _commands = new(StringComparer.Ordinal);

    /// <summary>Adds a command that takes from <paramref name="min"/> to <paramref name="max"/> arguments after its name.</summary>
    public RespCommandTable Add(
        string name, int min, int max, Func<IReadOnlyList<ReadOnlyMemory<byte>>, CancellationToken, ValueTask<RespAnswer>> execute)
    {
        _commands.Add(name, new Entry(min, max, execute));
        return this;
    }

    public ValueTask<RespAnswer> Execute(RespCommand command, CancellationToken closed)
    {
        if (!_commands.TryGetValue(command.Name, out var entry)) return ValueTask.FromResult(new RespAnswer(Unknown(command)));
        if (command.Arguments.Count < entry.Min || command.Arguments.Count > entry.Max)
            return ValueTask.FromResult(new RespAnswer(new RespReply.Error("ERR",
                $"wrong number of arguments for '{command.Name.ToLowerInvariant()}' command")));
        return entry.Execute(command.Arguments, closed);
    }

    private static RespReply.Error Unknown(RespCommand command)
    {
        const int maxShown = 128;
        var shown = new StringBuilder();
        foreach (var argument in command.Arguments)
        {
            if (shown.Length >= maxShown) break;
            var text = argument.Span[..Math.Min(argument.Length, maxShown - shown.Length)];
            shown.Append(CultureInfo.InvariantCulture, $"'{Encoding.Latin1.GetString(text)}' ");
        }
        return new RespReply.Error("ERR", $"unknown command '{command.Name}', with args beginning with: {shown}");
    }

    private sealed record Entry(
        int Min, int Max, Func<IReadOnlyList<ReadOnlyMemory<byte>>, CancellationToken, ValueTask<RespAnswer>> Execute);
}
