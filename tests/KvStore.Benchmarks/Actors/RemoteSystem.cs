using Akka.Actor;
using Akka.Configuration;

namespace KvStore.Benchmarks.Actors;

/// <summary>An actor system with remoting on a free port of the loopback address.</summary>
internal static class RemoteSystem
{
    internal static ActorSystem Start(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          actor {
            provider = remote
            serializers.payload = "KvStore.Benchmarks.Actors.PayloadSerializer, KvStore.Benchmarks"
            serialization-bindings { "KvStore.Benchmarks.Actors.Payload, KvStore.Benchmarks" = payload }
            serialization-identifiers { "KvStore.Benchmarks.Actors.PayloadSerializer, KvStore.Benchmarks" = 4801 }
          }
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """));

    internal static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;
}
