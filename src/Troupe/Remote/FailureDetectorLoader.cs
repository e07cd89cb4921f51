using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Remote;

/// <summary>Makes failure detectors by class name: a constructor of (Config, EventStream).</summary>
public static class FailureDetectorLoader
{
    public static FailureDetector Load(string fqcn, Config config, ActorSystem system)
    {
        const string setting = "implementation-class of a failure detector";
        var type = TypeResolver.Resolve(fqcn, setting);
        var clock = FailureDetector.ClockOf(((ActorSystemImpl)system).Seams);
        return TypeResolver.Create(type, setting, [config, clock], [config, system.EventStream]) as FailureDetector
            ?? throw new ConfigurationException($"{setting} names the type [{type}], which is no FailureDetector.");
    }

    public static FailureDetector LoadFailureDetector(this IActorContext context, string fqcn, Config config) =>
        Load(fqcn, config, context.System);
}
