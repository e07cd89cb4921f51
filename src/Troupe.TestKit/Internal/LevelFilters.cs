using Akka.Event;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit.Internal;

public class DebugFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    protected override string FilterDescriptiveName => "Debug";

    protected override bool IsMatch(LogEvent evt) => evt is Debug && InternalDoMatch(evt.LogSource, evt.Message);
}

public class InfoFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    protected override string FilterDescriptiveName => "Info";

    protected override bool IsMatch(LogEvent evt) => evt is Info && InternalDoMatch(evt.LogSource, evt.Message);
}

public class WarningFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
    : EventFilterBase(messageMatcher, sourceMatcher)
{
    protected override string FilterDescriptiveName => "Warning";

    protected override bool IsMatch(LogEvent evt) => evt is Warning && InternalDoMatch(evt.LogSource, evt.Message);
}

/// <summary>Errors: all, or those with a cause of one type. The text may be the log's or the cause's.</summary>
public class ErrorFilter : EventFilterBase
{
    private readonly Type? _exceptionType;
    private readonly bool _recurseInnerExceptions;

    public ErrorFilter(IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null)
        : base(messageMatcher, sourceMatcher)
    {
    }

    public ErrorFilter(Type exceptionType, IStringMatcher? messageMatcher = null, IStringMatcher? sourceMatcher = null,
        bool recurseInnerExceptions = false)
        : base(messageMatcher, sourceMatcher)
    {
        _exceptionType = exceptionType;
        _recurseInnerExceptions = recurseInnerExceptions;
    }

    protected override string FilterDescriptiveName =>
        _exceptionType is null ? "Error" : $"Error with {_exceptionType.Name}{(_recurseInnerExceptions ? " (inner exceptions too)" : "")}";

    protected override bool IsMatch(LogEvent evt)
    {
        if (evt is not Error)
        {
            return false;
        }
        if (_exceptionType is null)
        {
            return InternalDoMatch(evt.LogSource, evt.Message) || (evt.Cause is { } any && InternalDoMatch(evt.LogSource, any.Message));
        }
        return evt.Cause is { } cause && Matches(evt, cause);
    }

    private bool Matches(LogEvent evt, Exception cause)
    {
        if (_exceptionType!.IsInstanceOfType(cause)
            && (InternalDoMatch(evt.LogSource, evt.Message) || InternalDoMatch(evt.LogSource, cause.Message)))
        {
            return true;
        }
        return _recurseInnerExceptions && cause switch
        {
            AggregateException all => all.InnerExceptions.Any(inner => Matches(evt, inner)),
            { InnerException: { } inner } => Matches(evt, inner),
            _ => false,
        };
    }
}

public class CustomEventFilter(Predicate<LogEvent> predicate) : EventFilterBase(null, null)
{
    protected override string FilterDescriptiveName => "Custom";

    protected override bool IsMatch(LogEvent evt) => predicate(evt);
}
