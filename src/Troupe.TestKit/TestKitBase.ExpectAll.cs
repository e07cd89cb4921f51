using System.Collections;

namespace Akka.TestKit;

/// <summary>Expecting several messages, or one among others.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectAnyOfCoreAsync(Blocking, messages, cancellationToken));

    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAnyOfCoreAsync(NotBlocking, messages, cancellationToken);

    /// <summary>The next messages must be these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        Done(ExpectAllOfCoreAsync(Blocking, RemainingOrDefault, messages, default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectAllOfCoreAsync(Blocking, RemainingOrDefault, messages, cancellationToken));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        Done(ExpectAllOfCoreAsync(Blocking, RemainingOrDilated(max), messages, default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        Done(ExpectAllOfCoreAsync(Blocking, RemainingOrDilated(max), messages, cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Stream(ExpectAllOfCoreAsync(NotBlocking, RemainingOrDefault, messages, cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        Stream(ExpectAllOfCoreAsync(NotBlocking, RemainingOrDilated(max), messages, cancellationToken));

    /// <summary>As many messages as predicates; every predicate must hold for one, and for every message one must hold.</summary>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(params PredicateInfo[] predicates) =>
        Done(ExpectAllMatchingCoreAsync(Blocking, RemainingOrDefault, predicates, default));

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken) =>
        Done(ExpectAllMatchingCoreAsync(Blocking, RemainingOrDefault, predicates, cancellationToken));

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max, params PredicateInfo[] predicates) =>
        Done(ExpectAllMatchingCoreAsync(Blocking, RemainingOrDilated(max), predicates, default));

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max, IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken) =>
        Done(ExpectAllMatchingCoreAsync(Blocking, RemainingOrDilated(max), predicates, cancellationToken));

    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken = default) =>
        Stream(ExpectAllMatchingCoreAsync(NotBlocking, RemainingOrDefault, predicates, cancellationToken));

    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(TimeSpan max, IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken = default) =>
        Stream(ExpectAllMatchingCoreAsync(NotBlocking, RemainingOrDilated(max), predicates, cancellationToken));

    /// <summary>Drops messages until one fits; fails when none has within <paramref name="max"/>.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Done(FishCoreAsync(Blocking, isMessage, null, max, hint, cancellationToken));

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Done(FishCoreAsync(Blocking, isMessage, null, max, hint, cancellationToken));

    /// <summary>As above; the messages that did not fit are in <paramref name="allMessages"/>.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Done(FishCoreAsync(Blocking, isMessage, allMessages, max, hint, cancellationToken));

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishCoreAsync(NotBlocking, isMessage, null, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishCoreAsync(NotBlocking, isMessage, null, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishCoreAsync(NotBlocking, isMessage, allMessages, max, hint, cancellationToken);

    /// <summary>Drops messages until a <typeparamref name="T"/> came.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await FishCoreAsync<T>(NotBlocking, static _ => true, null, max, "", cancellationToken);

    private async ValueTask<T> ExpectAnyOfCoreAsync<T>(bool blocking, IEnumerable<T> messages, CancellationToken cancellation)
    {
        var expected = messages.ToArray();
        return await ExpectCoreAsync<T>(blocking, null, (message, sender) =>
            _assertions.AssertTrue(expected.Contains(message),
                $"Expected one of [{string.Join(", ", expected)}], but received {message} from {sender}."),
            null, null, cancellation);
    }

    private async ValueTask<IReadOnlyCollection<T>> ExpectAllOfCoreAsync<T>(bool blocking, TimeSpan max, IReadOnlyCollection<T> messages,
        CancellationToken cancellation)
    {
        var received = await ReceiveNCoreAsync(blocking, messages.Count, max, cancellation);
        var missing = messages.ToList();
        var unexpected = new List<object>();
        foreach (var message in received)
        {
            if (message is not T typed || !missing.Remove(typed))
            {
                unexpected.Add(message);
            }
        }
        if (missing.Count > 0)
        {
            Fail($"These messages did not come: [{string.Join(", ", missing)}]; these came instead: [{string.Join(", ", unexpected)}].");
        }
        return received.Cast<T>().ToArray();
    }

    private async ValueTask<IReadOnlyCollection<object>> ExpectAllMatchingCoreAsync(bool blocking, TimeSpan max,
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellation)
    {
        var received = await ReceiveNCoreAsync(blocking, predicates.Count, max, cancellation);
        var open = predicates.ToList();
        var unexpected = new List<object>();
        foreach (var message in received)
        {
            var fits = open.FindIndex(p => p.Holds(message));
            if (fits < 0)
            {
                unexpected.Add(message);
            }
            else
            {
                open.RemoveAt(fits);
            }
        }
        if (open.Count > 0)
        {
            Fail($"No message fits [{string.Join(", ", open)}]; these fit nothing: [{string.Join(", ", unexpected)}].");
        }
        return received;
    }

    private async ValueTask<T> FishCoreAsync<T>(bool blocking, Predicate<T> isMessage, ArrayList? others, TimeSpan? max, string hint,
        CancellationToken cancellation)
    {
        var wait = RemainingOrDilated(max);
        var end = Now + wait;
        while (true)
        {
            var next = await NextAsync(blocking, Max(end - Now, TimeSpan.Zero), cancellation);
            if (next is null)
            {
                Fail($"No {typeof(T)} that was fished for came within {wait}.{Hint(hint)}");
            }
            if (next.Message is T typed && isMessage(typed))
            {
                return typed;
            }
            others?.Add(next.Message);
        }
    }
}
