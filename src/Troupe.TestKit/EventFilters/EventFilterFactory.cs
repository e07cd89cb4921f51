using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit;

/// <summary>
/// Filters of log events by level, exception, text and source. Texts compare without regard to case: <c>message</c> is the whole
/// text, <c>start</c> its beginning, <c>contains</c> a part; <c>source</c> is an actor's path, with or without the system.
/// </summary>
public class EventFilterFactory
{
    private readonly TestKitBase _testKit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventFilterBase> _filters;

    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem actorSystem, IReadOnlyList<EventFilterBase> filters)
    {
        _testKit = testkit;
        _system = actorSystem;
        _filters = filters;
    }

    /// <summary>Errors whose cause is a <typeparamref name="TException"/>.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null,
        string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null, string? contains = null,
        string? source = null, bool checkInnerExceptions = false) =>
        CreateApplier(
            new ErrorFilter(exceptionType, CreateMessageMatcher(message, start, contains), Source(source), checkInnerExceptions), _system);

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        CreateApplier(new ErrorFilter(exceptionType, new RegexMatcher(pattern), Source(source), checkInnerExceptions), _system);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier Error(Regex pattern, string? source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null, string? contains = null,
        string? source = null) =>
        CreateApplier(Level(logLevel, CreateMessageMatcher(message, start, contains), Source(source)), _system);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        CreateApplier(Level(logLevel, new RegexMatcher(pattern), Source(source)), _system);

    /// <summary>Messages to actors that are no more. The source is the recipient.</summary>
    public IEventFilterApplier DeadLetter() => DeadLetter(static _ => true, null);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter(typeof(TMessage), source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(letter => letter.Message is TMessage message && isMatch(message), source);

    public IEventFilterApplier DeadLetter(Type type, string? source = null) =>
        DeadLetter(letter => type.IsInstanceOfType(letter.Message), source);

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        DeadLetter(letter => type.IsInstanceOfType(letter.Message) && isMatch(letter.Message), source);

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => CreateApplier(new CustomEventFilter(predicate), _system);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent =>
        CreateApplier(new CustomEventFilter(logEvent => logEvent is TLogEvent typed && predicate(typed)), _system);

    protected IEventFilterApplier CreateApplier(EventFilterBase filter, ActorSystem system) =>
        new InternalEventFilterApplier(_testKit, system, [.. _filters, filter]);

    protected static IStringMatcher CreateMessageMatcher(string? message, string? start, string? contains)
    {
        var given = (message is null ? 0 : 1) + (start is null ? 0 : 1) + (contains is null ? 0 : 1);
        if (given > 1)
        {
            throw new ArgumentException("Give one of message, start and contains: each is a condition on the whole text.");
        }
        return message is not null ? new EqualsString(message)
            : start is not null ? new StartsWithString(start)
            : contains is not null ? new ContainsString(contains)
            : MatchesAll.Instance;
    }

    private IEventFilterApplier DeadLetter(Predicate<DeadLetter> isMatch, string? source) =>
        CreateApplier(new DeadLettersFilter(null, Source(source), isMatch), _system);

    private static EqualsStringAndPathMatcher? Source(string? source) => source is null ? null : new EqualsStringAndPathMatcher(source);

    private static EventFilterBase Level(LogLevel level, IStringMatcher message, IStringMatcher? source) => level switch
    {
        LogLevel.DebugLevel => new DebugFilter(message, source),
        LogLevel.InfoLevel => new InfoFilter(message, source),
        LogLevel.WarningLevel => new WarningFilter(message, source),
        LogLevel.ErrorLevel => new ErrorFilter(message, source),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such log level."),
    };
}
