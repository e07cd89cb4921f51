using System.Globalization;
using System.Numerics;

namespace Akka.Configuration.Hocon;

/// <summary>Reads values as the types asked for. Errors name the path, the value, its place and what is expected.</summary>
internal static class HoconConversions
{
    private const int MaxShownLength = 80;

    public static string? Text(HoconValue value, string? path) => value.Kind switch
    {
        HoconKind.Null => null,
        HoconKind.Text => value.TextOrNull,
        _ => throw Unexpected(value, path, "a single value"),
    };

    public static bool Boolean(HoconValue value, string? path) => Text(value, path) switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        _ => throw Unexpected(value, path, "on, true, yes, off, false or no"),
    };

    public static T Number<T>(HoconValue value, string? path)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        if (T.TryParse(Text(value, path), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && T.IsFinite(number)) return number;
        throw Unexpected(value, path, typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(decimal)
            ? "a number such as 0.5"
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}"));
    }

    /// <summary>A list; an object whose keys are 0, 1, ... is one too.</summary>
    public static IList<HoconValue> Array(HoconValue value, string? path)
    {
        if (value.IsArray()) return value.Elements.ToArray();
        if (value.Kind == HoconKind.Null) return [];
        return Indexed(value) ?? throw Unexpected(value, path, "a list such as [a, b]");
    }

    public static IList<T> List<T>(HoconValue value, string? path, Func<HoconValue, string?, T> read)
    {
        var elements = Array(value, path);
        var list = new T[elements.Count];
        for (var i = 0; i < list.Length; i++) list[i] = read(elements[i], $"{path}[{i}]");
        return list;
    }

    public static HoconObject Object(HoconValue value, string? path) =>
        value.ObjectOrNull ?? throw Unexpected(value, path, "an object such as { a = 1 }");

    public static ConfigurationException Unexpected(HoconValue value, string? path, string expected)
    {
        var setting = path is null ? "A value" : $"The setting {path}";
        return new ConfigurationException($"{setting} is {Show(value)} at {value.Position}, but it must be {expected}.");
    }

    private static string Show(HoconValue value)
    {
        var text = value.Kind switch
        {
            HoconKind.Object => "an object",
            HoconKind.Array => "a list",
            HoconKind.Null => "null",
            _ => $"'{value.TextOrNull}'",
        };
        return text.Length <= MaxShownLength ? text : $"{text[..MaxShownLength]}...'";
    }

    private static List<HoconValue>? Indexed(HoconValue value)
    {
        if (value.ObjectOrNull is not { Items.Count: > 0 } fields) return null;
        var indexed = new SortedList<int, HoconValue>();
        foreach (var (key, element) in fields.Items)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return null;
            if (!indexed.TryAdd(index, element)) return null;
        }
        return [.. indexed.Values];
    }
}
