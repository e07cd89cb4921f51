using System.Collections;
using System.Reflection;
using System.Text;

namespace KvStore.Wire.Tests;

/// <summary>Everything that a value consists of, as text, so that two values built of the same parts compare equal whatever their types.</summary>
internal static class Structure
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, depth: 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                return;
            case string or Enum:
                text.Append(value);
                return;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                return;
            case IFormattable:
                text.Append(value);
                return;
            case Core.Causality.SiblingSet set:
                var encoded = new byte[Core.Causality.SiblingSetCodec.MaxSize(set)];
                text.Append(Convert.ToHexString(encoded, 0, Core.Causality.SiblingSetCodec.Write(encoded, set)));
                return;
            case Core.Causality.VersionVector vector:
                text.Append(vector);
                return;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    Append(text, item, depth + 1);
                    text.Append(',');
                }

                text.Append(']');
                return;
        }

        Assert.True(depth < 12, $"{value.GetType()} goes too deep");
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in Properties(value.GetType()))
        {
            text.Append(property.Name).Append('=');
            Append(text, property.GetValue(value), depth + 1);
            text.Append(' ');
        }

        text.Append('}');
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)
        .OrderBy(property => property.Name, StringComparer.Ordinal);
}
