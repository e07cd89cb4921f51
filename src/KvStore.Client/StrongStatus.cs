namespace KvStore.Client;

/// <summary>What became of an operation on a strong key.</summary>
public enum StrongStatus
{
    /// <summary>It took effect at one moment between call and answer.</summary>
    Done = 0,

    /// <summary>The key has another version than was expected. Nothing was changed; the result says what is there.</summary>
    Mismatch = 1,

    /// <summary>It surely did not take effect, and never will; of a read: nothing is known.</summary>
    NotDone = 2,

    /// <summary>The change may have taken effect, once, or may still. Read the key to find out.</summary>
    Unknown = 3,
}
