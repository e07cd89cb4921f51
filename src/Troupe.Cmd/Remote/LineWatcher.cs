using Akka.Actor;
using Akka.Remote;

namespace Petabridge.Cmd.Remote;

/// <summary>Remembers the last event of each line, of which there is one a direction. Bounded: the line that was silent longest is forgotten first.</summary>
internal sealed class LineWatcher : ReceiveActor
{
    public const string Name = "petabridge.cmd-lines";
    private const int MaxLines = 1_000;
    private readonly OrderedDictionary<(Address Other, bool IsInbound), string> _last = [];

    public LineWatcher()
    {
        Receive<AssociationEvent>(happened =>
        {
            var line = (happened.RemoteAddress, happened.IsInbound);
            _last.Remove(line);
            if (_last.Count == MaxLines) _last.RemoveAt(0);
            _last.Add(line, Describe(happened));
        });
        Receive<GetLines>(_ => Sender.Tell(new Lines([.. _last.Values])));
    }

    /// <summary><c>address | to or from | what happened</c>.</summary>
    public static string Describe(AssociationEvent happened)
    {
        var what = happened switch
        {
            AssociatedEvent => "open",
            AssociationErrorEvent error => $"failed: {error.Cause.Message}",
            _ => "closed",
        };
        return $"{happened.RemoteAddress} | {(happened.IsInbound ? "from" : "to")} | {what}";
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Answered by <see cref="Lines"/>.</summary>
    public sealed record GetLines;

    /// <summary>What is known of each, the one of which was heard last at the end.</summary>
    public sealed record Lines(IReadOnlyList<string> Values);
}
