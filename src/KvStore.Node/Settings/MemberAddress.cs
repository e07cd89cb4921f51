using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using KvStore.Core.Identity;

namespace KvStore.Node.Settings;

/// <summary>One line of kv-store.cluster.members: "ID@HOST:PORT" or "ID@HOST:PORT/RACK".</summary>
public sealed partial record MemberAddress(NodeId Id, string Host, int Port, string Rack)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out MemberAddress? member, [NotNullWhen(false)] out string? error)
    {
        member = null;
        error = null;
        var match = Form().Match(text);
        if (!match.Success || !NodeId.TryParse(match.Groups[1].Value, out var id))
            error = $"'{text}' is not of the form ID@HOST:PORT or ID@HOST:PORT/RACK, with an ID of 32 hexadecimal digits";
        else if (!int.TryParse(match.Groups[3].Value, out var port) || port is < 1 or > 65535)
            error = $"'{text}' has no port from 1 to 65535";
        else
            member = new MemberAddress(id, match.Groups[2].Value, port, match.Groups[4].Value);
        return error is null;
    }

    [GeneratedRegex(@"^([0-9a-fA-F]{32})@(\[[0-9a-fA-F:]+\]|[^\s:/@]+):(\d{1,5})(?:/(\S+))?$")]
    private static partial Regex Form();
}
