using Akka.Actor;
using Akka.Remote;

namespace Petabridge.Cmd.Remote;

/// <summary>Remembers the last event of the line to each address. Bounded: the address that was silent longest is forgotten first.</summary>
internal sealed class LineWatcher : ReceiveActor
{
    public const string Name = "petabridge.cmd-lines";
    private const int MaxAddresses = 1_000;
    private readonly OrderedDictionary<Address, string> _last = [];

    public LineWatcher()
    {
        Receive<AssociationEvent>(happened =>
        {
            _last.Remove(happened.RemoteAddress);
            if (_last.Count == MaxAddresses) _last.RemoveAt(0);
            _last.Add(happened.RemoteAddress, $"{happened.RemoteAddress} | {Describe(happened)}");
        });
        Receive<GetLines>(_ => Sender.Tell(new Lines([.. _last.Values])));
    }

    public static string Describe(AssociationEvent happened) => happened switch
    {
        AssociatedEvent { IsInbound: true } => "open, by the other",
        AssociatedEvent => "open, by this node",
        AssociationErrorEvent error => $"failed: {error.Cause.Message}",
        _ => "closed",
    };

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociationEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Answered by <see cref="Lines"/>.</summary>
    public sealed record GetLines;

    /// <summary>A line for each address, the one of which was heard last at the end.</summary>
    public sealed record Lines(IReadOnlyList<string> Values);
}
