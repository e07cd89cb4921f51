using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The configuration and the provider of actor references that an ActorSystem starts with.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
    {
        Config = config;
        ActorRefProvider = provider;
    }

    public Option<Config> Config { get; }

    public Option<ProviderSelection> ActorRefProvider { get; }

    public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, name);

    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider);

    public BootstrapSetup WithConfigFallback(Config config) =>
        new(Config.HasValue ? Config.Value.WithFallback(config) : config, ActorRefProvider);
}
