using Akka.Configuration;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>
/// The section `akka.actor.deployment`: settings by the path of an actor below /user, with `*` for one name and `**` for all
/// below. Safe from any thread after construction.
/// </summary>
public class Deployer
{
    private readonly List<(string[] Pattern, Deploy Deploy)> _entries = [];
    private readonly Config _defaults;

    public Deployer(Settings settings)
    {
        var deployment = settings.Config.GetConfig("akka.actor.deployment");
        _defaults = deployment?.GetConfig("default") ?? Config.Empty;
        foreach (var (key, _) in deployment?.AsEnumerable() ?? [])
        {
            if (key == "default") continue;
            if (ParseConfig(key, deployment!.GetConfig('"' + key + '"') ?? Config.Empty) is { } deploy)
                _entries.Add((key.Trim('/').Split('/'), deploy));
        }
    }

    /// <summary>The deployment for an actor's path; null: none.</summary>
    public Deploy? Lookup(ActorPath path)
    {
        if (_entries.Count == 0 || path.Depth < 2) return null;
        return path.ParentOf(1).Name == "user" ? Lookup(path.Elements.Skip(1)) : null;
    }

    /// <summary>The deployment for the names below /user: an exact entry before wildcards; null: none.</summary>
    public Deploy? Lookup(IEnumerable<string> path)
    {
        if (_entries.Count == 0) return null;
        var names = path.ToArray();
        Deploy? best = null;
        var fewest = int.MaxValue;
        foreach (var (pattern, deploy) in _entries)
        {
            if (Wildcards(pattern, names) is { } wildcards && wildcards < fewest) (best, fewest) = (deploy, wildcards);
        }

        return best;
    }

    public virtual Deploy? ParseConfig(string key, Config config)
    {
        var entry = config.WithFallback(_defaults);
        return new Deploy(key, entry, RouterDeployment.Read(key, entry), Deploy.NoScopeGiven,
            entry.GetString("dispatcher") ?? Deploy.NoDispatcherGiven, entry.GetString("mailbox") ?? Deploy.NoMailboxGiven,
            entry.GetInt("stash-capacity", Deploy.NoStashSize));
    }

    /// <summary>How much of the pattern is wildcards, weighed; null: it does not match.</summary>
    private static int? Wildcards(string[] pattern, string[] names)
    {
        var weight = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**") return i < names.Length ? weight + 1000 : null;
            if (i >= names.Length) return null;
            if (pattern[i] == "*") weight++;
            else if (pattern[i] != names[i]) return null;
        }

        return pattern.Length == names.Length ? weight : null;
    }
}
