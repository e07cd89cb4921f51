using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Petabridge.Cmd.BuiltIn;

namespace Petabridge.Cmd.Host;

/// <summary>
/// The console's host in an actor system: palettes are registered, then <see cref="Start"/> opens the port. Any thread.
/// </summary>
public class PetabridgeCmd : IExtension
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<IPEndPoint?> _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableList<CommandPaletteHandler> _palettes = [];
    private bool _isStarted;

    internal PetabridgeCmd(ExtendedActorSystem system)
    {
        Sys = system;
        system.Settings.InjectTopLevelFallback(HostSettings.Defaults);
        RegisterCommandPalette(new ActorPalette());
        RegisterCommandPalette(new LogPalette());
        RegisterCommandPalette(new UptimePalette());
    }

    public ActorSystem Sys { get; }

    /// <summary>Where clients are taken; null when the port could not be had.</summary>
    internal Task<IPEndPoint?> Bound => _bound.Task;

    public static PetabridgeCmd Get(ActorSystem system) => (PetabridgeCmd)system.RegisterExtension(new PetabridgeCmdProvider());

    /// <summary>False when there is one of that name already.</summary>
    /// <exception cref="InvalidOperationException">The host has been started.</exception>
    public bool RegisterCommandPalette(CommandPaletteHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_lock)
        {
            if (_isStarted)
                throw new InvalidOperationException($"Palette '{handler.Palette.ModuleName}' comes after Start: register it before.");
            if (_palettes.Exists(known => known.Palette.ModuleName == handler.Palette.ModuleName)) return false;
            _palettes = _palettes.Add(handler);
        }
        handler.OnRegister(this);
        return true;
    }

    /// <summary>
    /// Opens the port of <c>petabridge.cmd</c>; a second call does nothing. A port that cannot be had is logged, and the process goes on.
    /// </summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_isStarted) return;
            _isStarted = true;
        }
        Sys.ActorOf(HostActor.Props(HostSettings.Read(Sys.Settings.Config), _palettes, bound => _bound.TrySetResult(bound)), HostActor.Name);
    }
}
