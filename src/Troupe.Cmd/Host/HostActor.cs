using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Petabridge.Cmd.Protocol;

namespace Petabridge.Cmd.Host;

/// <summary>
/// <c>/user/petabridge.cmd</c>: listens, and starts a <see cref="ConnectionActor"/> for each client.
/// <para>Invariants: (1) no more clients than the settings allow; (2) a port that cannot be had, and a client that fails, harm nobody else.</para>
/// </summary>
internal sealed class HostActor : ReceiveActor, IWithTimers
{
    public const string Name = "petabridge.cmd";
    private const int Backlog = 16;
    private static readonly TimeSpan AcceptsAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HostSettings _settings;
    private readonly ImmutableList<CommandPaletteHandler> _palettes;
    private readonly Action<IPEndPoint?> _bound;
    private readonly byte[] _welcome;
    private Socket? _listener;
    private long _connections;

    public HostActor(HostSettings settings, ImmutableList<CommandPaletteHandler> palettes, Action<IPEndPoint?> bound)
    {
        (_settings, _palettes, _bound) = (settings, palettes, bound);
        var address = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
        _welcome = ConsoleCodec.Write(new ConsoleMessage.Welcome(ConsoleCodec.Version, $"{address}", [.. palettes.Select(one => Shown.Of(one.Palette))]));
        Receive<Accepted>(accepted => OnAccepted(accepted.Client));
        Receive<AcceptFailed>(failed =>
        {
            _log.Warning("petabridge.cmd could not take a client ({0}) and goes on.", failed.Reason);
            Timers.StartSingleTimer(nameof(Accept), new Accept(), AcceptsAgainAfter);
        });
        Receive<Accept>(_ => AcceptNext());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HostSettings settings, ImmutableList<CommandPaletteHandler> palettes, Action<IPEndPoint?> bound) =>
        Akka.Actor.Props.Create(() => new HostActor(settings, palettes, bound));

    protected override void PreStart()
    {
        var listener = new Socket(_settings.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(_settings.Endpoint);
            listener.Listen(Backlog);
        }
        catch (SocketException problem)
        {
            listener.Dispose();
            _log.Error(
                "petabridge.cmd host could not be bound to [{0}] ({1}). This node goes on without a console; give it a free port by petabridge.cmd.port "
                + "and start it again.", _settings.Endpoint, problem.Message);
            _bound(null);
            Context.Stop(Self);
            return;
        }
        _listener = listener;
        var endpoint = (IPEndPoint)listener.LocalEndPoint!;
        _log.Info("petabridge.cmd host bound to [{0}]", endpoint);
        if (_settings.LogsPalettes) _log.Info("petabridge.cmd palettes: {0}", string.Join(", ", _palettes.Select(one => one.Palette.ModuleName)));
        _bound(endpoint);
        AcceptNext();
    }

    protected override void PostStop() => _listener?.Dispose();

    /// <summary>A client's actor that fails has lost its place in the conversation: it ends, and the client with it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void AcceptNext() => _listener!.AcceptAsync().PipeTo(
        Self, success: client => new Accepted(client), failure: problem => new AcceptFailed(problem.Message));

    private void OnAccepted(Socket client)
    {
        AcceptNext();
        var (open, limit) = (Context.GetChildren().Count(), _settings.Limits.Connections);
        if (open >= 2 * limit) // so many are being turned away that one more is not even told
        {
            client.Dispose();
            return;
        }
        var refusal = open < limit ? null : $"This node has {limit} consoles open, which is as many as it allows. Nothing was done; close one.";
        client.NoDelay = true;
        var (endpoint, number) = (Uri.EscapeDataString($"{client.RemoteEndPoint}"), ++_connections);
        var name = Context.Child(endpoint).IsNobody() ? endpoint : $"{endpoint}-{number}";
        Context.ActorOf(ConnectionActor.Props(client, _settings, _palettes, _welcome, refusal), name);
    }

    private sealed record Accepted(Socket Client);

    private sealed record AcceptFailed(string Reason);

    private sealed record Accept;
}
