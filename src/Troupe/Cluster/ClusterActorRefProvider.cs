using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Remoting's provider, in a system that has a <see cref="Cluster"/> from its start; actors of members are watched by it.</summary>
public class ClusterActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    : RemoteActorRefProvider(systemName, settings, eventStream), IClusterActorRefProvider
{
    private protected override void OnInitialized(ActorSystemImpl system) => Cluster.Get(system);

    private protected override IActorRef CreateRemoteWatcher(ActorSystemImpl system) =>
        system.SystemActorOf(
            RemoteSettings.ConfigureDispatcher(ClusterRemoteWatcher.Props(
                CreateFailureDetectors(system), RemoteSettings.WatchHeartBeatInterval,
                RemoteSettings.WatchUnreachableReaperInterval, RemoteSettings.WatchHeartbeatExpectedResponseAfter)),
            "remote-watcher");
}
