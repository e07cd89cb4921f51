using System.Globalization;
using System.Text.Json.Nodes;

namespace KvStore.Benchmarks.Core;

/// <summary>One measured thing with its figures, each under a name that says its unit.</summary>
internal sealed record CoreFigure(string Name, params (string Name, double Value)[] Values)
{
    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-34} {string.Join("  ", Values.Select(value => $"{value.Name} {value.Value.ToString("#,0.##", CultureInfo.InvariantCulture)}"))}\n");

    public JsonObject Json()
    {
        var json = new JsonObject { ["name"] = Name };
        foreach (var (name, value) in Values)
            json[name] = Math.Round(value, 3);
        return json;
    }
}
