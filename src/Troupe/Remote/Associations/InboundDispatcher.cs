using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote.Associations;

/// <summary>
/// The last step of a message from outside: what untrusted mode forbids is dropped, a selection is walked, the rest is told.
/// </summary>
internal sealed class InboundDispatcher(Remoting remoting)
{
    private readonly RemoteSettings _settings = remoting.Settings;
    private readonly ILoggingAdapter _log = remoting.Log;

    internal void Deliver(IInternalActorRef recipient, object message, IActorRef? sender)
    {
        if (_settings.LogReceive && _log.IsDebugEnabled)
            _log.Debug("received remote message [{0}] to [{1}] from [{2}]", message, recipient, sender);
        if (!recipient.IsLocal)
            _log.Error("Dropping message [{0}] for non-local recipient [{1}]", message.GetType(), recipient);
        else if (message is ActorSelectionMessage selection)
            DeliverSelection(recipient, selection, sender);
        else if (_settings.UntrustedMode && IsHarmful(message))
            _log.Debug("operating in UntrustedMode, dropping inbound IPossiblyHarmful message of type [{0}]", message.GetType());
        else
            recipient.Tell(message, sender ?? remoting.System.DeadLetters);
    }

    internal void DeliverSystem(IInternalActorRef recipient, ISystemMessage message)
    {
        if (_settings.UntrustedMode)
            _log.Debug("operating in UntrustedMode, dropping inbound system message of type [{0}]", message.GetType());
        else if (recipient.IsLocal)
            recipient.SendSystemMessage(message);
    }

    private void DeliverSelection(IInternalActorRef anchor, ActorSelectionMessage selection, IActorRef? sender)
    {
        if (_settings.UntrustedMode && !IsTrusted(anchor, selection))
        {
            _log.Debug("operating in UntrustedMode, dropping inbound actor selection to [{0}], "
                + "allow it by adding the path to 'akka.remote.trusted-selection-paths'", Text(selection));
        }
        else
        {
            ActorSelection.Deliver(anchor, sender ?? remoting.System.DeadLetters, selection);
        }
    }

    private bool IsTrusted(IInternalActorRef anchor, ActorSelectionMessage selection) =>
        !IsHarmful(selection.Message)
            && anchor.Path.Depth == 0
            && _settings.TrustedSelectionPaths.Contains(Text(selection));

    /// <summary>Kill does not carry the mark, and does the same harm.</summary>
    private static bool IsHarmful(object message) => message is IPossiblyHarmful or Kill;

    private static string Text(ActorSelectionMessage selection) =>
        "/" + string.Join('/', selection.Elements.Select(e => e.ToString()));
}
