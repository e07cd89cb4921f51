using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Makes the strategy of /user; `akka.actor.guardian-supervisor-strategy` names the class.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();

    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        const string setting = "akka.actor.guardian-supervisor-strategy";
        return TypeResolver.Create(TypeResolver.Resolve(typeName, setting), setting, []) as SupervisorStrategyConfigurator
            ?? throw new ConfigurationException(
                $"{setting} names the type [{typeName}], which is no SupervisorStrategyConfigurator.");
    }
}

public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
