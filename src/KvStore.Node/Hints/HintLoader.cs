using Akka.Actor;
using Akka.Event;
using KvStore.Core.Hints;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Storage;
using KvStore.Storage.Iterators;

namespace KvStore.Node.Hints;

/// <summary>
/// /user/kv/hints/loader: reads all hints from the disk once, for its parent, and stops. Runs where waiting for the disk is allowed.
/// </summary>
public sealed class HintLoader : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeDisk _disk;

    public HintLoader(NodeDisk disk) => _disk = disk;

    public static Props Props(NodeDisk disk) => Akka.Actor.Props.Create(() => new HintLoader(disk));

    protected override void PreStart()
    {
        var hints = new List<(HintId Id, HintRecord Record)>();
        try
        {
            Read(hints);
        }
        catch (StorageException problem)
        {
            _log.Error(problem, "Some hints cannot be read; what they stood for reaches its owners by anti-entropy");
        }
        hints.Sort((a, b) => a.Record.Since.CompareTo(b.Record.Since));
        Context.Parent.Tell(new Loaded(hints));
        Context.Stop(Self);
    }

    private void Read(List<(HintId, HintRecord)> hints)
    {
        using var iterator = _disk.Store.NewIterator(new IterateOptions { Prefix = DataKeys.Hints(), FillCache = false });
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
        {
            if (DataKeys.TryReadHint(iterator.Key, out var id) && HintRecord.TryRead(iterator.Value, out var record)) hints.Add((id, record));
        }
    }

    /// <summary>All hints, the oldest first.</summary>
    public sealed record Loaded(IReadOnlyList<(HintId Id, HintRecord Record)> Hints);
}
