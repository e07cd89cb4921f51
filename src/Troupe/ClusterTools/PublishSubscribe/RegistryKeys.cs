namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>The keys of a registry: an actor's path, a topic, or a topic's group, told apart by their first letter.</summary>
internal static class RegistryKeys
{
    private const char Separator = '\0';

    public static string OfPath(string path) => "p" + path;

    public static string OfTopic(string topic, string? group) => group is null ? "t" + topic : "g" + topic + Separator + group;

    /// <summary>The group, when the key is one of that topic.</summary>
    public static string? GroupOf(string key, string topic) => TopicOf(key) == topic && key[0] == 'g' ? key[(topic.Length + 2)..] : null;

    /// <summary>The topic of a topic's or group's key.</summary>
    public static string? TopicOf(string key) => key[0] switch
    {
        't' => key[1..],
        'g' => key[1..key.IndexOf(Separator, StringComparison.Ordinal)],
        _ => null,
    };
}
