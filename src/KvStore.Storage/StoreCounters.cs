namespace KvStore.Storage;

/// <summary>What the store has done since it was opened. Added to by any thread.</summary>
internal sealed class StoreCounters
{
    private long _writes, _writtenBytes, _logSyncs, _flushes, _flushedBytes, _compactions, _compactionRead,
        _compactionWritten, _droppedTables, _busy, _delayed, _diskFull;

    private int _openIterators;

    internal ref int OpenIterators => ref _openIterators;

    internal ref long Writes => ref _writes;

    internal ref long WrittenBytes => ref _writtenBytes;

    internal ref long LogSyncs => ref _logSyncs;

    internal ref long Flushes => ref _flushes;

    internal ref long FlushedBytes => ref _flushedBytes;

    internal ref long Compactions => ref _compactions;

    internal ref long CompactionReadBytes => ref _compactionRead;

    internal ref long CompactionWrittenBytes => ref _compactionWritten;

    internal ref long DroppedTables => ref _droppedTables;

    internal ref long BusyAnswers => ref _busy;

    internal ref long DelayedWrites => ref _delayed;

    internal ref long DiskFullAnswers => ref _diskFull;
}
