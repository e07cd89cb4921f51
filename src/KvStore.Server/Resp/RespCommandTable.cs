using System.Globalization;
using System.Text;

namespace KvStore.Server.Resp;

/// <summary>
/// The commands that this door knows. An unknown name, a wrong number of arguments or a missing password is answered as Redis answers it, and
/// changes nothing.
/// <para>Any thread; immutable.</para>
/// </summary>
public sealed class RespCommandTable(IEnumerable<RespCommandInfo> commands)
{
    private readonly Dictionary<string, RespCommandInfo> _commands = commands.ToDictionary(command => command.Name, StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IEnumerable<RespCommandInfo> All => _commands.Values.OrderBy(command => command.Name, StringComparer.Ordinal);

    public RespCommandInfo? Find(string name) => _commands.GetValueOrDefault(name);

    /// <summary>What is to be executed, or what to answer instead.</summary>
    public RespCommandInfo? Admit(RespCommand command, RespSession session, out RespReply.Error? refused)
    {
        var info = Find(command.Name);
        refused = command.Refusal is { } refusal ? refusal
            : info is null ? Unknown(command)
            : !info.Takes(command.Arguments.Count + 1) ? WrongNumber(command.Name)
            : !session.IsAuthenticated && !info.Has(CommandFlags.BeforeAuthentication) ? NoAuthentication
            : null;
        return refused is null ? info : null;
    }

    public static RespReply.Error WrongNumber(string name) =>
        new("ERR", $"wrong number of arguments for '{name.ToLowerInvariant()}' command");

    private static readonly RespReply.Error NoAuthentication = new("NOAUTH", "Authentication required.");

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
        return new RespReply.Error("ERR", $"unknown command '{command.NameAsSent}', with args beginning with: {shown}");
    }
}
