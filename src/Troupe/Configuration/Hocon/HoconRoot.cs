namespace Akka.Configuration.Hocon;

/// <summary>What a HOCON text says, before it is stacked with others: the answer to an include callback.</summary>
public class HoconRoot
{
    private HoconValue? _value;

    public HoconRoot(HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
        Node = ToNode(value);
    }

    internal HoconRoot(HoconObjectNode node) => Node = node;

    /// <summary>The text by itself. Its substitutions find nothing but itself and the environment.</summary>
    public HoconValue Value => _value ??= HoconResolver.Resolve([Node]);

    internal HoconObjectNode Node { get; }

    private static HoconObjectNode ToNode(HoconValue value)
    {
        var node = new HoconObjectNode(value.Position);
        foreach (var (key, child) in value.GetObject().Items) node.Define([key], new HoconValueNode(child));
        return node;
    }
}
