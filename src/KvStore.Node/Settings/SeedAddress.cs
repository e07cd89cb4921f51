using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace KvStore.Node.Settings;

/// <summary>One line of kv-store.cluster.seeds: "HOST:PORT", with the port of remoting.</summary>
internal static partial class SeedAddress
{
    public static bool IsGood(string text, [NotNullWhen(false)] out string? error)
    {
        var match = Form().Match(text);
        error = !match.Success ? $"'{text}' is not of the form HOST:PORT, with the port of a member's remoting"
            : !int.TryParse(match.Groups[1].Value, out var port) || port is < 1 or > 65535 ? $"'{text}' has no port from 1 to 65535"
            : null;
        return error is null;
    }

    [GeneratedRegex(@"^(?:\[[0-9a-fA-F:]+\]|[^\s:/@]+):(\d{1,5})$")]
    private static partial Regex Form();
}
