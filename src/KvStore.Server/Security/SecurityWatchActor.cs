using System.Globalization;
using Akka.Actor;
using Akka.Event;
using KvStore.Server.Settings;

namespace KvStore.Server.Security;

/// <summary>
/// Says in the log what is not as safe as it could be: at once, then every minute what the owner has opened to others, and every day that a certificate's
/// time is nearly over. It changes nothing.
/// </summary>
internal sealed class SecurityWatchActor : ReceiveActor
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Before its end a certificate is spoken of.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DoorSettings _doors;
    private readonly TlsSettings? _tls;
    private readonly List<ICancelable> _reminders = [];

    public SecurityWatchActor(DoorSettings doors, TlsSettings? tls)
    {
        (_doors, _tls) = (doors, tls);
        Receive<SayExposed>(_ => OnSayExposed());
        Receive<LookAtTime>(_ => OnLookAtTime());
    }

    public static Props Props(DoorSettings doors, TlsSettings? tls) => Akka.Actor.Props.Create(() => new SecurityWatchActor(doors, tls));

    protected override void PreStart()
    {
        foreach (var warning in _tls?.Warnings ?? []) _log.Warning("{0}", warning);
        if (_doors.Exposed.Count > 0) NowAndEvery(Minute, SayExposed.Instance);
        if (_tls is not null) NowAndEvery(Day, LookAtTime.Instance);
    }

    protected override void PostStop() => _reminders.ForEach(reminder => reminder.Cancel());

    private void NowAndEvery(TimeSpan interval, object message)
    {
        _reminders.Add(Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, message, Self));
        Self.Tell(message);
    }

    private void OnSayExposed()
    {
        foreach (var door in _doors.Exposed)
            _log.Warning("A door is open beyond this machine, by kv-store.doors.insecure = on: {0}. Whoever reaches it may read and write everything, or "
                + "listen to those who do.", door);
    }

    private void OnLookAtTime()
    {
        var end = _tls!.Certificate.NotAfter;
        var left = end - Context.System.Scheduler.Now.LocalDateTime;
        if (left < TimeSpan.Zero)
            _log.Error("The certificate {0} is out of its time since {1}: others refuse this node. Put a new one in its place and start the node again.",
                _tls.Certificate.Subject, end.ToString("u", CultureInfo.InvariantCulture));
        else if (left < Notice)
            _log.Warning("The certificate {0} holds until {1}, and others refuse this node from then on. Put a new one in its place and start the node again.",
                _tls.Certificate.Subject, end.ToString("u", CultureInfo.InvariantCulture));
    }

    private sealed class SayExposed
    {
        public static readonly SayExposed Instance = new();
    }

    private sealed class LookAtTime
    {
        public static readonly LookAtTime Instance = new();
    }
}
