using System.Collections;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expecting one message.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message, which must be a <typeparamref name="T"/> and come within <paramref name="duration"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, null, null, duration, hint, cancellationToken));

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, null, Equal(message, hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, null, Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, null, (m, _) => assert(m), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync(Blocking, null, Holds(isMessageAndSender, hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync(Blocking, null, assertMessageAndSender, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, null, Equal(expected, comparer, hint), timeout, hint, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, null, null, duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, null, Equal(message, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, null, Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, null, (m, _) => assert(m), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync(NotBlocking, null, Holds(isMessageAndSender, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync(NotBlocking, null, assertMessageAndSender, timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, null, Equal(expected, comparer, hint), timeout, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, From(sender, hint), null, duration, hint, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, From(sender, hint), Equal(message, hint), timeout, hint, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync(Blocking, From(sender, hint), Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken));

    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync(Blocking, From(isSender, hint), Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, From(sender, hint), (m, _) => assertMessage(m), timeout, hint, cancellationToken));

    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync<T>(Blocking, assertSender, (m, _) => assertMessage(m), timeout, hint, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, From(sender, hint), null, duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, From(sender, hint), Equal(message, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync(NotBlocking, From(sender, hint), Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectCoreAsync(NotBlocking, From(isSender, hint), Holds<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, From(sender, hint), (m, _) => assertMessage(m), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectCoreAsync<T>(NotBlocking, assertSender, (m, _) => assertMessage(m), timeout, hint, cancellationToken);

    /// <summary>The next message must be the Terminated of <paramref name="target"/>.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Done(ExpectCoreAsync(Blocking, null, TerminatedOf(target, hint), timeout, hint, cancellationToken));

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectCoreAsync(NotBlocking, null, TerminatedOf(target, hint), timeout, hint, cancellationToken);

    /// <summary>No message for the rest of the enclosing Within, or for <c>akka.test.single-expect-default</c>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        Done(ExpectNoMsgCoreAsync(Blocking, RemainingOrDefault, cancellationToken));

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Done(ExpectNoMsgCoreAsync(Blocking, Dilated(duration), cancellationToken));

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await ExpectNoMsgCoreAsync(NotBlocking, RemainingOrDefault, cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await ExpectNoMsgCoreAsync(NotBlocking, Dilated(duration), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<T> ExpectCoreAsync<T>(bool blocking, Action<IActorRef>? assertSender, Action<T, IActorRef>? assertMessage,
        TimeSpan? timeout, string? hint, CancellationToken cancellation)
    {
        var wait = RemainingOrDilated(timeout);
        var next = await NextAsync(blocking, wait, cancellation);
        if (next is null)
        {
            Fail($"No message came within {wait}, but a {typeof(T)} was expected.{Hint(hint)}");
        }
        assertSender?.Invoke(next.Sender);
        if (next.Message is T typed)
        {
            assertMessage?.Invoke(typed, next.Sender);
            return typed;
        }
        Fail($"Expected a {typeof(T)}, but received {next.Message ?? "null"} ({next.Message?.GetType()}) from {next.Sender}.{Hint(hint)}");
        return default;
    }

    private async ValueTask<bool> ExpectNoMsgCoreAsync(bool blocking, TimeSpan duration, CancellationToken cancellation)
    {
        var next = await NextAsync(blocking, duration, cancellation);
        if (next is not null)
        {
            Fail($"Expected no message for {duration}, but received {next.Message} ({next.Message?.GetType()}) from {next.Sender}.");
        }
        _lastWasNoMsg = true;
        return true;
    }

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) =>
        (actual, _) => _assertions.AssertEqual(expected, actual, Hint(hint));

    private Action<T, IActorRef> Equal<T>(T expected, Func<T, T, bool> comparer, string? hint) =>
        (actual, _) => _assertions.AssertEqual(expected, actual, comparer, Hint(hint));

    private Action<T, IActorRef> Holds<T>(Func<T, IActorRef, bool> predicate, string? hint) => (message, sender) =>
        _assertions.AssertTrue(predicate(message, sender),
            $"A {typeof(T)} came that is not the one expected: {message} from {sender}.{Hint(hint)}");

    private Action<IActorRef> From(IActorRef expected, string? hint) => sender =>
        _assertions.AssertEqual(expected, sender, $"The message came from another sender.{Hint(hint)}");

    private Action<IActorRef> From(Predicate<IActorRef> isSender, string? hint) => sender =>
        _assertions.AssertTrue(isSender(sender), $"The message came from another sender: {sender}.{Hint(hint)}");

    private Action<Terminated, IActorRef> TerminatedOf(IActorRef target, string? hint) => (message, _) =>
        _assertions.AssertEqual(target, message.ActorRef, $"Another actor has terminated.{Hint(hint)}");
}
