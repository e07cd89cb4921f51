using Akka.Configuration;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Where and how an actor runs. Immutable; what is not given falls back to the settings, then to defaults.</summary>
public class Deploy : IEquatable<Deploy>
{
    public const int NoStashSize = -1;

    public static readonly string NoDispatcherGiven = "";
    public static readonly string NoMailboxGiven = "";
    public static readonly Scope NoScopeGiven = null!;
    public static readonly Deploy Local = new(Scope.Local);

    public Deploy() : this("", Config.Empty, NoRouter.Instance, NoScopeGiven, NoDispatcherGiven)
    {
    }

    public Deploy(string path, Scope scope) : this(path, Config.Empty, NoRouter.Instance, scope, NoDispatcherGiven)
    {
    }

    public Deploy(Scope scope) : this("", scope)
    {
    }

    public Deploy(RouterConfig routerConfig, Scope scope) : this("", Config.Empty, routerConfig, scope, NoDispatcherGiven)
    {
    }

    public Deploy(RouterConfig routerConfig) : this(routerConfig, NoScopeGiven)
    {
    }

    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher)
        : this(path, config, routerConfig, scope, dispatcher, NoMailboxGiven)
    {
    }

    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher, string mailbox)
        : this(path, config, routerConfig, scope, dispatcher, mailbox, NoStashSize)
    {
    }

    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher, string mailbox,
        int stashCapacity)
    {
        Path = path;
        Config = config;
        RouterConfig = routerConfig;
        Scope = scope;
        Dispatcher = dispatcher ?? NoDispatcherGiven;
        Mailbox = mailbox ?? NoMailboxGiven;
        StashCapacity = stashCapacity;
    }

    public string Path { get; }

    public Config Config { get; }

    public RouterConfig RouterConfig { get; }

    public Scope Scope { get; }

    public string Dispatcher { get; }

    public string Mailbox { get; }

    public int StashCapacity { get; }

    /// <summary>This one, and what it leaves open by <paramref name="other"/>.</summary>
    public virtual Deploy WithFallback(Deploy other)
    {
        if (ReferenceEquals(this, other)) return this;
        return new Deploy(
            Path.Length > 0 ? Path : other.Path,
            Config.IsEmpty ? other.Config : other.Config.IsEmpty || ReferenceEquals(Config, other.Config) ? Config : Config.WithFallback(other.Config),
            RouterConfig is NoRouter ? other.RouterConfig : RouterConfig.WithFallback(other.RouterConfig),
            Scope is null ? other.Scope : other.Scope is null ? Scope : Scope.WithFallback(other.Scope),
            Dispatcher.Length > 0 ? Dispatcher : other.Dispatcher,
            Mailbox.Length > 0 ? Mailbox : other.Mailbox,
            StashCapacity != NoStashSize ? StashCapacity : other.StashCapacity);
    }

    public virtual Deploy WithScope(Scope scope) => new(Path, Config, RouterConfig, scope, Dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithMailbox(string mailbox) =>
        new(Path, Config, RouterConfig, Scope, Dispatcher, mailbox, StashCapacity);

    public virtual Deploy WithDispatcher(string dispatcher) =>
        new(Path, Config, RouterConfig, Scope, dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithRouterConfig(RouterConfig routerConfig) =>
        new(Path, Config, routerConfig, Scope, Dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithStashCapacity(int stashSize) =>
        new(Path, Config, RouterConfig, Scope, Dispatcher, Mailbox, stashSize);

    public bool Equals(Deploy? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Path == other.Path && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox
            && StashCapacity == other.StashCapacity && Equals(Scope, other.Scope) && Equals(RouterConfig, other.RouterConfig));

    public override bool Equals(object? obj) => Equals(obj as Deploy);

    public override int GetHashCode() => Akka.Util.StableHash.Of(Dispatcher, Akka.Util.StableHash.Of(Path));
}
