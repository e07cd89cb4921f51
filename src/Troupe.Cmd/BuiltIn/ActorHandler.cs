using System.Globalization;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Answers palette <c>actor</c>. Looks at the supervisors' own books, so that a busy actor is shown as well as an idle one.</summary>
internal sealed class ActorHandler : CommandHandlerActor
{
    /// <summary>A tree of more is shown in parts.</summary>
    private const int MaxLines = 1_000;

    public ActorHandler() : base(ActorPalette.Commands)
    {
        Process(ActorPalette.SystemName.Name, _ => Sender.Say($"akka://{Context.System.Name}"));
        Process(ActorPalette.Hierarchy.Name, (_, arguments) => Show(arguments.ArgumentValues("start").Last(), arguments.ArgumentValues("depth").Last()));
    }

    private void Show(string start, string depth)
    {
        if (!int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var levels) || levels < 1)
            Sender.Refuse($"-d is a number of levels from 1 on; '{depth}' is none. Nothing was done.");
        else if (Find(start) is not { } actor)
            Sender.Refuse($"There is no actor '{start}'. Nothing was done; 'actor hierarchy -s /user -d 1' shows where to begin.");
        else
        {
            var lines = Tree(actor, 0, levels).Take(MaxLines + 1).ToList();
            if (lines.Count > MaxLines) lines[MaxLines] = $"... only the first {MaxLines} are shown; begin further down with -s, or take fewer levels with -d";
            Sender.Say(lines);
        }
    }

    private static IEnumerable<string> Tree(IActorRef actor, int level, int levels)
    {
        yield return $"{new string(' ', 2 * level)}{(level == 0 ? actor.Path.ToStringWithoutAddress() : actor.Path.Name)}";
        if (level + 1 >= levels) yield break;
        foreach (var child in ChildrenOf(actor).OrderBy(child => child.Path.Name, StringComparer.Ordinal))
            foreach (var line in Tree(child, level + 1, levels)) yield return line;
    }

    private static IActorRef? Find(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var provider = ((ExtendedActorSystem)Context.System).Provider;
        IActorRef? actor = names.FirstOrDefault() switch
        {
            "user" => provider.Guardian,
            "system" => provider.SystemGuardian,
            _ => null,
        };
        foreach (var name in names.Skip(1))
            actor = actor is null ? null : ChildrenOf(actor).FirstOrDefault(child => child.Path.Name == name);
        return actor;
    }

    private static IEnumerable<IActorRef> ChildrenOf(IActorRef actor) => actor is ActorRefWithCell known ? known.Children : [];
}
