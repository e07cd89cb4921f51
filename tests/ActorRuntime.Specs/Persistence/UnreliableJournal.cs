using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorRuntime.Specs.Persistence;

/// <summary>
/// Keeps events in memory, fails a batch with an event that begins with "fail", rejects writes with one that begins with "reject",
/// and holds the end of writes back between <see cref="Hold"/> and <see cref="Release"/>.
/// </summary>
public sealed class UnreliableJournal : MemoryJournal
{
    public const string Hold = "hold";
    public const string Release = "release";

    /// <summary>Overrides the plugin setting: a later key wins.</summary>
    public static readonly string Settings =
        $$"""
        akka.persistence.journal.plugin = "unreliable-journal"
        unreliable-journal {
          class = "{{typeof(UnreliableJournal).FullName}}, {{typeof(UnreliableJournal).Assembly.GetName().Name}}"
          plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """;

    private readonly List<TaskCompletionSource> _held = [];
    private bool _holding;

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        var rejections = writes.Select(write => Any(write, "reject") ? new InvalidOperationException("rejected on purpose") : null)
            .ToImmutableArray<Exception?>();
        var accepted = writes.Where(write => !Any(write, "reject")).ToArray();
        var failed = accepted.Any(write => Any(write, "fail"));
        if (!failed)
        {
            foreach (var write in accepted)
            {
                foreach (var persistent in (IImmutableList<IPersistentRepresentation>)write.Payload) Add(persistent);
            }
        }

        if (_holding)
        {
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Add(release);
            await release.Task;
        }

        if (failed) throw new IOException("failed on purpose");
        return rejections.Any(rejection => rejection is not null) ? rejections! : null!;
    }

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case Hold:
                _holding = true;
                return true;
            case Release:
                _holding = false;
                foreach (var held in _held) held.SetResult();
                _held.Clear();
                return true;
            default:
                return base.ReceivePluginInternal(message);
        }
    }

    private static bool Any(AtomicWrite write, string prefix) =>
        ((IImmutableList<IPersistentRepresentation>)write.Payload).Any(e => e.Payload is string text
            && text.StartsWith(prefix, StringComparison.Ordinal));
}
