using System.CommandLine;
using System.Text;

namespace KvStore.Cli.Commands;

/// <summary>KEY, --hex and --bucket, the same for every verb about one key.</summary>
internal sealed class KeyNameArguments
{
    public Argument<string> Key { get; } = new("key") { Description = "the key: text, or hexadecimal digits with --hex" };

    public Option<bool> Hex { get; } = new("--hex") { Description = "the key is given in hexadecimal, as kv dump prints it after 0x" };

    public Option<string?> Bucket { get; } = new("--bucket") { Description = "the key's bucket (default: default)" };

    public Symbol[] All => [Key, Hex, Bucket];

    /// <summary>As the HTTP door wants it.</summary>
    public string Query(ParseResult parsed)
    {
        var text = parsed.GetValue(Key)!;
        var key = parsed.GetValue(Hex) ? $"hex={Uri.EscapeDataString(WithoutPrefix(text))}" : $"key={Uri.EscapeDataString(text)}";
        return parsed.GetValue(Bucket) is { } bucket ? $"{key}&bucket={Uri.EscapeDataString(bucket)}" : key;
    }

    public byte[] Bytes(ParseResult parsed)
    {
        var text = parsed.GetValue(Key)!;
        if (!parsed.GetValue(Hex)) return Encoding.UTF8.GetBytes(text);
        try
        {
            return Convert.FromHexString(WithoutPrefix(text));
        }
        catch (FormatException)
        {
            throw new CliException(ExitCode.Usage, $"'{text}' is not an even number of hexadecimal digits; nothing was done.");
        }
    }

    private static string WithoutPrefix(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
}
