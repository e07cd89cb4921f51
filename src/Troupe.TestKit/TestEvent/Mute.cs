using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit.TestEvent;

/// <summary>Published on the event stream: from now on the filters swallow what they match.</summary>
public sealed class Mute(IReadOnlyCollection<EventFilterBase> filters) : INoSerializationVerificationNeeded
{
    public Mute(params EventFilterBase[] filters)
        : this((IReadOnlyCollection<EventFilterBase>)filters)
    {
    }

    public IReadOnlyCollection<EventFilterBase> Filters { get; } = filters;
}

/// <summary>Published on the event stream: the filters swallow nothing any more.</summary>
public sealed class Unmute(IReadOnlyCollection<EventFilterBase> filters) : INoSerializationVerificationNeeded
{
    public Unmute(params EventFilterBase[] filters)
        : this((IReadOnlyCollection<EventFilterBase>)filters)
    {
    }

    public IReadOnlyCollection<EventFilterBase> Filters { get; } = filters;
}
