using Akka.Actor.Internal;

namespace Akka.Actor;

internal partial class ActorCell
{
    private readonly ChildrenContainer _children = new();
    private int _namesMade;

    internal ChildrenContainer Children => _children;

    /// <summary>The actor runs, or is ready to: no recreation or termination waits for children.</summary>
    private bool IsNormal => _children.WaitingFor is ChildrenWait.None;

    private bool IsTerminating => _children.WaitingFor is ChildrenWait.Termination or ChildrenWait.Terminated;

    public IActorRef Child(string name) => GetSingleChild(name);

    public IEnumerable<IActorRef> GetChildren() => _children.Refs();

    /// <summary>The child "name" or "name#uid"; Nobody when there is none.</summary>
    public IInternalActorRef GetSingleChild(string name)
    {
        if (!name.Contains('#', StringComparison.Ordinal)) return _children.Find(name)?.Child ?? Nobody.Instance;
        var (plain, uid) = ActorPathParser.SplitUid(name);
        return _children.Find(plain) is { } stats && (uid == ActorPath.UndefinedUid || uid == stats.Uid)
            ? stats.Child
            : Nobody.Instance;
    }

    public IInternalActorRef AttachChild(Props props, string? name, bool systemService)
    {
        if (name is null) name = "$" + NameCounter.Encode(Interlocked.Increment(ref _namesMade) - 1);
        else CheckName(name);
        if (SystemImpl.Settings.SerializeAllCreators && !systemService && props.Deploy.Scope is not LocalScope)
            props.VerifySerializable(SystemImpl.Serialization);
        var stats = _children.Reserve(name, _self);
        try
        {
            var path = new ChildActorPath(_self.Path, name, SystemImpl.NewUid());
            var child = SystemImpl.Provider.ActorOf(SystemImpl, props, _self, path, systemService, deploy: null,
                lookupDeploy: true);
            _children.Fill(stats, child, SystemImpl.Seams.Clock);
            child.Start();
            return child;
        }
        catch
        {
            _children.Unreserve(stats);
            throw;
        }
    }

    /// <summary>
    /// Stops a child, or any other actor. A child keeps its name until it has stopped.
    /// </summary>
    public void Stop(IActorRef child)
    {
        if (child is not IInternalActorRef actor)
            throw new ArgumentException($"{child} is no actor that can be stopped.", nameof(child));
        _children.MarkDying(actor);
        actor.Stop();
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty. Give no name at all to have one made up.");
        if (!ActorPathParser.IsValidElement(name))
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, not be empty, and only contain ASCII letters, "
                + $"digits and these special characters: `{ActorPath.ValidSymbols}`");
    }

    private void StopAllChildren()
    {
        foreach (var child in _children.Refs()) Stop(child);
    }

    private void SuspendChildren(IActorRef? except, IActorRef[]? exceptMany = null)
    {
        foreach (var child in _children.Refs())
        {
            if (!child.Equals(except) && (exceptMany is null || Array.IndexOf(exceptMany, child) < 0))
                ((IInternalActorRef)child).Suspend();
        }
    }

    private void ResumeChildren(Exception? causedByFailure, IActorRef? perpetrator)
    {
        foreach (var child in _children.Refs())
            ((IInternalActorRef)child).Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }
}
