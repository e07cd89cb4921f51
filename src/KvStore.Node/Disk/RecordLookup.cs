namespace KvStore.Node.Disk;

/// <summary>How a read of a record ended.</summary>
public enum RecordLookup
{
    /// <summary>It is known what is there.</summary>
    Done = 0,

    /// <summary>Only the disk knows.</summary>
    NeedsDisk = 1,

    /// <summary>There is something that cannot be read: that is never "not there".</summary>
    Unreadable = 2,
}
