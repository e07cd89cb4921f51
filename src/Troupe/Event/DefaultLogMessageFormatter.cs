using System.Globalization;
using System.Text;

namespace Akka.Event;

/// <summary>
/// Numbered holes (<c>{0}</c>, <c>{1:n2}</c>) by their number, named ones (<c>{Node}</c>) in order; <c>{{</c> and <c>}}</c> are
/// braces. Never throws: a template that does not fit its arguments comes out with both.
/// </summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    public string Format(string format, params object[] args) => Fill(format, args);

    public string Format(string format, IEnumerable<object> args) => Fill(format, args.ToArray());

    private static string Fill(string format, object?[] args)
    {
        if (args.Length == 0) return format;
        var text = new StringBuilder(format.Length + (args.Length * 16));
        var named = 0;
        var i = 0;
        while (i < format.Length)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i += 2;
            }
            else if (c == '{' && format.IndexOf('}', i) is var end and > 0)
            {
                if (!TryFill(text, format.AsSpan(i + 1, end - i - 1), args, ref named)) return Unfilled(format, args);
                i = end + 1;
            }
            else
            {
                text.Append(c);
                i++;
            }
        }

        return text.ToString();
    }

    private static bool TryFill(StringBuilder text, ReadOnlySpan<char> hole, object?[] args, ref int named)
    {
        var colon = hole.IndexOf(':');
        var name = (colon < 0 ? hole : hole[..colon]).Trim();
        var comma = name.IndexOf(',');
        var width = 0;
        if (comma >= 0)
        {
            if (!int.TryParse(name[(comma + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out width)) return false;
            name = name[..comma].Trim();
        }

        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) index = named++;
        if ((uint)index >= (uint)args.Length) return false;
        var value = Text(args[index], colon < 0 ? null : hole[(colon + 1)..].ToString());
        text.Append(width < 0 ? value.PadRight(-width) : value.PadLeft(width));
        return true;
    }

    private static string Text(object? value, string? format)
    {
        try
        {
            return value switch
            {
                null => "null",
                IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            };
        }
        catch (FormatException)
        {
            return value?.ToString() ?? "";
        }
    }

    private static string Unfilled(string format, object?[] args) => $"{format} [{string.Join(", ", args)}]";
}
