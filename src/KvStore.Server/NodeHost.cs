using System.Net;
using System.Reflection;
using Akka.Actor;
using Akka.Actor.Setup;
using KvStore.Node;
using KvStore.Node.Settings;
using KvStore.Server.Http;
using KvStore.Server.Keys;
using KvStore.Server.Palettes;
using KvStore.Server.Resp;
using KvStore.Server.Security;
using KvStore.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace KvStore.Server;

/// <summary>
/// Starts a node in order (actor system, actors, doors), says where it listens, waits for SIGTERM or SIGINT, and stops in the reverse
/// order: doors first, so that nothing is taken that would not be answered.
/// </summary>
internal static class NodeHost
{
    /// <summary>
    /// What the doors wait for the requests they have taken: longer than a request of the usual budget takes, and shorter than the patience of
    /// whoever stops the node (<c>kv down</c>: 15 s, which the data's closing needs some of). A client that does not read is cut off then.
    /// </summary>
    private static readonly TimeSpan DrainsWithin = TimeSpan.FromSeconds(7);

    /// <summary>Which actor runtime the node was built on; eng/ActorRuntime.targets writes it into the assembly.</summary>
    public static string ActorRuntime { get; } = typeof(NodeHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == nameof(ActorRuntime))?.Value ?? "unknown";

    public static string Version { get; } = typeof(NodeHost).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <param name="configuration">What the actor system reads.</param>
    /// <param name="settings">The node's.</param>
    /// <param name="doors">Its doors'.</param>
    /// <param name="tls">Who it is to others; null: nobody is asked.</param>
    /// <param name="startup">What only this start is told.</param>
    /// <param name="created">Called when the actor system has read what it reads of files.</param>
    public static async Task<int> Run(
        NodeConfiguration configuration, NodeSettings settings, DoorSettings doors, TlsSettings? tls, NodeStartup startup, Action created)
    {
        using var system = ActorSystem.Create(settings.Cluster.Name, ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConsoleDoor.WithPassword(configuration.Settings, doors)),
            new KvSetup { Settings = settings, Startup = startup }));
        created();
        if (doors.Console is not null) ConsoleDoor.Prepare(system);
        var node = await Kv.Get(system).Started;
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;

        await using var app = BuildDoors(node, address, doors, tls);
        await app.StartAsync();
        if (doors.Console is not null) ConsoleDoor.Open(system, node, address);
        Console.WriteLine(StartBanner.Of(node, address, doors, tls, configuration.Sources));
        system.ActorOf(SecurityWatchActor.Props(doors, tls), "kv-security");

        // Either somebody asks the process to stop, or the node has stopped itself because of a bug of ours.
        var stopped = await Task.WhenAny(app.WaitForShutdownAsync(), system.WhenTerminated);
        var byItself = stopped == system.WhenTerminated;
        await app.StopAsync();
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        // A node that the ring does without has nothing more to do: that is no failure.
        return byItself && node.Ring.Contains(node.Settings.Id) ? ExitCode.HadToStop : ExitCode.Stopped;
    }

    private static WebApplication BuildDoors(KvNode node, Address address, DoorSettings doors, TlsSettings? tls)
    {
        // Empty: the others watch the working directory for settings, and so are woken by every write to a data directory in it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // why it does not start is said once, by Program
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainsWithin);
        builder.Services.AddSingleton(node);
        builder.Services.AddSingleton(new RespLimits { MaxValueBytes = node.Settings.Limits.ValueBytes });
        builder.Services.AddSingleton<DoorMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
            metrics.AddMeter("KvStore.*").AddRuntimeInstrumentation().AddPrometheusExporter());
        builder.Services.AddSingleton(new RespConnections(doors.Resp.MaxConnections, doors.Resp.Password.Length > 0));
        builder.Services.AddSingleton(services => new RespDoor(
            new KeySpaces(
                new KeyValueGateway(node.Coordinator, node.Settings), new BucketChanges(node.RingOwner), () => node.Ring,
                services.GetRequiredService<DoorMetrics>()),
            services.GetRequiredService<RespConnections>(), doors.Resp.Password, () => Facts(node)));
        builder.WebHost.UseKestrelCore();
        // No door's code waits for anything but the store's answer, so that it may run where the socket's events are taken.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            DoorListeners.Open(kestrel, doors, tls);
        });
        var app = builder.Build();
        var (isLoopback, password) = (IPAddress.IsLoopback(doors.Http.Endpoint.Address), new HttpPassword(doors.Http.Password));
        app.Use(next => context => OwnOrigin.Check(context, isLoopback, next));
        app.Use(next => context => password.Check(context, next));
        app.Use(next => context => Patience.Check(context, next));
        app.MapPrometheusScrapingEndpoint("/metrics");
        RingEndpoints.Map(app, node);
        BucketEndpoints.Map(app, node);
        StatusEndpoints.Map(app, node, address);
        return app;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<(string Name, string Value)> Facts(KvNode node) =>
    [
        ("node_id", node.Settings.Id.ToString()), ("cluster_id", node.Ring.Cluster.ToString()), ("ring_epoch", node.Ring.Epoch.ToString()),
        ("actor_runtime", ActorRuntime), ("requests_started", Text(node.Requests.Started)), ("remote_messages", Text(node.Links.Messages)),
        ("remote_items", Text(node.Links.Items)), ("cpu_milliseconds", Text((long)Environment.CpuUsage.TotalTime.TotalMilliseconds)),
    ];
}
