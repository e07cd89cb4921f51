namespace Akka.Configuration.Hocon;

/// <summary>The keys of an object and their values, in order of first mention, the top layer of the stack first.</summary>
public class HoconObject
{
    internal HoconObject() { }

    public Dictionary<string, HoconValue> Items { get; } = [];

    /// <summary>The same as plain .NET objects: strings, lists of objects, dictionaries.</summary>
    public IDictionary<string, object?> Unwrapped => Items.ToDictionary(item => item.Key, item => Unwrap(item.Value));

    /// <summary>The value of <paramref name="key"/> (one key, not a path); null when there is none.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    public override string ToString() => ToString(0);

    public string ToString(int indent) => HoconPrinter.Print(this, indent);

    internal HoconValue? GetKey(ReadOnlySpan<char> key) =>
        Items.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var value) ? value : null;

    private static object? Unwrap(HoconValue value) => value.Kind switch
    {
        HoconKind.Object => value.GetObject().Unwrapped,
        HoconKind.Array => value.GetArray().Select(Unwrap).ToList(),
        _ => value.TextOrNull,
    };
}
