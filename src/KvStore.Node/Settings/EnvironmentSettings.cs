using System.Globalization;

namespace KvStore.Node.Settings;

/// <summary>
/// Settings from environment variables, named as Akka.NET's Docker bootstrap names them: <c>CLUSTER_IP</c>, <c>CLUSTER_PORT</c>,
/// <c>CLUSTER_SEEDS</c>, and any setting as <c>AKKA__...</c> or <c>KV_STORE__...</c>, where two underscores are a dot, one is a dash, and a number at
/// the end is a place in a list. Empty ones are passed over. Pure.
/// </summary>
public static class EnvironmentSettings
{
    private const string Remoting = "akka.remote.dot-netty.tcp";

    private static readonly string[] Prefixes = ["AKKA__", "KV_STORE__"];

    /// <summary>Each setting as HOCON, with the variable that it comes from; sorted by path.</summary>
    public static IReadOnlyList<GivenSetting> Of(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var single = new List<GivenSetting>();
        var lists = new SortedDictionary<string, SortedDictionary<int, (string Variable, string Value)>>(StringComparer.Ordinal);
        foreach (var (name, value) in environment.Where(variable => variable.Value.Length > 0).OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            var variable = name.ToUpperInvariant();
            if (variable == "CLUSTER_IP") single.Add(new GivenSetting($"{Remoting}.hostname", Quoted(value), Origin(name)));
            else if (variable == "CLUSTER_PORT") single.Add(new GivenSetting($"{Remoting}.port", Quoted(value), Origin(name)));
            else if (variable == "CLUSTER_SEEDS") single.Add(new GivenSetting("kv-store.cluster.seeds", Seeds(value), Origin(name)));
            else if (Prefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal))) Add(name, value, single, lists);
        }
        var gathered = lists.Select(list => new GivenSetting(
            list.Key, $"[{string.Join(", ", list.Value.Values.Select(item => Quoted(item.Value)))}]", Origin(list.Value.First().Value.Variable)));
        return [.. single.Concat(gathered).OrderBy(setting => setting.Path, StringComparer.Ordinal)];
    }

    private static void Add(
        string variable, string value, List<GivenSetting> single, SortedDictionary<string, SortedDictionary<int, (string, string)>> lists)
    {
        var path = variable.Replace("__", ".", StringComparison.Ordinal).Replace('_', '-').ToLowerInvariant();
        var dot = path.LastIndexOf('.');
        if (int.TryParse(path[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var place))
        {
            if (!lists.TryGetValue(path[..dot], out var list)) lists[path[..dot]] = list = [];
            list[place] = (variable, value);
        }
        else single.Add(new GivenSetting(path, value.StartsWith('[') ? value : Quoted(value), Origin(variable)));
    }

    /// <summary>A comma list, in brackets or not, quoted or not; of whole addresses the HOST:PORT.</summary>
    private static string Seeds(string value)
    {
        var places = value.Trim().TrimStart('[').TrimEnd(']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(place => place.Trim('"', '\''))
            .Select(place => place[(place.LastIndexOf('@') + 1)..].TrimEnd('/'));
        return $"[{string.Join(", ", places.Select(Quoted))}]";
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\"";

    private static string Origin(string variable) => $"environment variable {variable}";
}
