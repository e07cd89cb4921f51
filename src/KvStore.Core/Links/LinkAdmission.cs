namespace KvStore.Core.Links;

/// <summary>Whether a link takes a message.</summary>
public enum LinkAdmission : byte
{
    /// <summary>It is sent, or gathered.</summary>
    Taken = 0,

    /// <summary>Too much is under way to this peer. Nothing was sent.</summary>
    Busy = 1,

    /// <summary>The peer does not greet back. Nothing was sent.</summary>
    Unreachable = 2,
}
