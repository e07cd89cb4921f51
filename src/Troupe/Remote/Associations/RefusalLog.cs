using Akka.Event;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>
/// Refused connections in the log: one warning a host and reason within ten minutes, and no more than a few hundred pairs in
/// mind, so that a stranger can fill neither the log nor the memory.
/// <para>Thread rule: any thread.</para>
/// </summary>
internal sealed class RefusalLog(ILoggingAdapter log)
{
    private const int MostRemembered = 256;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Host, RefusalReason Reason), TimeSpan> _logged = [];
    private TimeSpan _full = TimeSpan.MinValue;

    internal void Refused(string remoteName, Refusal refusal, TimeSpan now)
    {
        if (!IsNews((Host(remoteName), refusal.Reason), now))
            return;
        log.Warning("Refused a connection from {0}: {1}. It was closed; nothing else is affected. "
            + "The same from this host is not logged again for {2} minutes.", remoteName, refusal.Text, Silence.TotalMinutes);
    }

    private bool IsNews((string, RefusalReason) key, TimeSpan now)
    {
        lock (_gate)
        {
            if (_logged.TryGetValue(key, out var last) && now - last < Silence)
                return false;
            if (_logged.Count >= MostRemembered)
            {
                if (_full != TimeSpan.MinValue && now - _full < Silence)
                    return false;
                _full = now;
                _logged.Clear();
            }
            _logged[key] = now;
            return true;
        }
    }

    private static string Host(string remoteName) =>
        remoteName.LastIndexOf(':') is > 0 and var colon ? remoteName[..colon] : remoteName;
}
