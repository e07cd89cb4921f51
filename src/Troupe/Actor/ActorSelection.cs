namespace Akka.Actor;

/// <summary>
/// The actors that a path names at the time of each message, none, one or several: an anchor and steps from it. Immutable.
/// </summary>
public class ActorSelection : ICanTell
{
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Length == 0 ? [] : path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements) : this(anchor, Parse(elements))
    {
    }

    public IActorRef Anchor { get; }

    public SelectionPathElement[] Path { get; }

    public string PathString => "/" + string.Join<object>("/", Path);

    public void Tell(object message, IActorRef? sender = null)
    {
        if (message is null) throw new ArgumentNullException(nameof(message), "The message cannot be null.");
        var from = sender ?? ActorCell.Current?.Self;
        Deliver(Anchor, from, message as ActorSelectionMessage is { } forwarded
            ? new ActorSelectionMessage(forwarded.Message, [.. Path, .. forwarded.Elements], forwarded.WildCardFanOut)
            : new ActorSelectionMessage(message, Path));
    }

    /// <summary>
    /// The one actor that answers to the path. Throws (from the task) <see cref="ActorNotFoundException"/> when nobody answers in
    /// time.
    /// </summary>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null!), timeout, ct);
            return identity.Subject ?? throw new ActorNotFoundException($"No actor answers to {this}.");
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            throw new ActorNotFoundException($"No actor answered to {this} in {timeout.TotalSeconds} s.", e);
        }
    }

    public override bool Equals(object? obj) => obj is ActorSelection other && Equals(other);

    public override int GetHashCode() => Akka.Util.StableHash.Of(PathString, Anchor?.GetHashCode() ?? 0);

    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path.ToStringWithUid()}), Path({PathString})]";

    /// <summary>Takes the message along its steps, as far as they stay in this process.</summary>
    internal static void Deliver(IActorRef anchor, IActorRef? sender, ActorSelectionMessage selected)
    {
        var current = anchor;
        var elements = selected.Elements;
        for (var i = 0; i < elements.Length; i++)
        {
            if (current is not ActorRefWithCell withCell)
            {
                current.Tell(i == 0 ? selected : selected.Copy(elements: elements[i..]), sender);
                return;
            }

            switch (elements[i])
            {
                case SelectParent:
                    current = withCell.Parent;
                    break;
                case SelectChildName named:
                    var child = withCell.GetSingleChild(named.Name);
                    if (child.IsNobody())
                    {
                        TellNobody(withCell, sender, selected, i);
                        return;
                    }

                    current = child;
                    break;
                default:
                    Fan(withCell, sender, selected, i);
                    return;
            }
        }

        current.Tell(selected.Message, sender);
    }

    protected bool Equals(ActorSelection other) => Equals(Anchor, other.Anchor) && Path.AsSpan().SequenceEqual(other.Path);

    private static void Fan(ActorRefWithCell parent, IActorRef? sender, ActorSelectionMessage selected, int at)
    {
        if (selected.Elements[at] is SelectChildRecursive)
        {
            TellDescendants(parent, sender, selected);
            return;
        }

        var pattern = ((SelectChildPattern)selected.Elements[at]).PatternStr;
        var matching = new List<IActorRef>();
        foreach (var child in parent.Children)
        {
            if (Util.WildcardMatch.Like(child.Path.Name, pattern, caseSensitive: true)) matching.Add(child);
        }

        if (matching.Count == 0 && !selected.WildCardFanOut) TellNobody(parent, sender, selected, at);
        var rest = new ActorSelectionMessage(selected.Message, selected.Elements[(at + 1)..],
            selected.WildCardFanOut || matching.Count > 1);
        foreach (var child in matching) Deliver(child, sender, rest);
    }

    private static void TellDescendants(ActorRefWithCell parent, IActorRef? sender, ActorSelectionMessage selected)
    {
        foreach (var child in parent.Children)
        {
            child.Tell(selected.Message, sender);
            if (child is ActorRefWithCell withCell) TellDescendants(withCell, sender, selected);
        }
    }

    private static void TellNobody(ActorRefWithCell at, IActorRef? sender, ActorSelectionMessage selected, int index)
    {
        if (selected.WildCardFanOut) return;
        var path = at.Path;
        foreach (var element in selected.Elements.AsSpan(index))
            path = element is SelectParent ? path.Parent : new ChildActorPath(path, element.ToString()!, ActorPath.UndefinedUid);
        var system = (ActorSystemImpl)at.Provider.Settings.System;
        new EmptyLocalActorRef(at.Provider, path, system.EventStream).Tell(selected, sender);
    }

    private static SelectionPathElement[] Parse(IEnumerable<string> elements)
    {
        var path = new List<SelectionPathElement>();
        foreach (var element in elements)
        {
            if (element.Length == 0) continue;
            if (element == "..") path.Add(SelectParent.Instance);
            else if (element == "**") path.Add(SelectChildRecursive.Instance);
            else if (element.AsSpan().ContainsAny('?', '*')) path.Add(new SelectChildPattern(element));
            else path.Add(new SelectChildName(element));
        }

        if (path.Count > 1 && path[..^1].Contains(SelectChildRecursive.Instance))
            throw new IllegalActorNameException("Double wildcard can only appear at the last path entry");
        return [.. path];
    }
}
