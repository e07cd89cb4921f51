using KvStore.Core.Causality;

namespace KvStore.Core.Coordination;

/// <summary>What a replica can say of a key.</summary>
public enum AnswerKind : byte
{
    /// <summary>It holds a state, a deleted one too.</summary>
    Found = 0,

    /// <summary>It is an owner, whole in this range, and there is nothing.</summary>
    NotFound = 1,

    /// <summary>There is nothing here, and that means nothing: a fallback, or an owner not yet filled.</summary>
    NoInformation = 2,

    /// <summary>There is something that cannot be read. Never the same as nothing.</summary>
    Unreadable = 3,
}

/// <summary>A replica's answer to a read.</summary>
/// <param name="Kind">What it can say.</param>
/// <param name="Set">What it holds; <see cref="SiblingSet.Empty"/> unless found.</param>
/// <param name="Provisional">Whether it is a fallback or not yet filled: what it holds may be stale, and is no owner's
/// word.</param>
public sealed record ReadAnswer(AnswerKind Kind, SiblingSet Set, bool Provisional)
{
    /// <summary>An owner's "not there".</summary>
    public static readonly ReadAnswer NotFound = new(AnswerKind.NotFound, SiblingSet.Empty, Provisional: false);

    /// <summary>"Not here, which means nothing."</summary>
    public static readonly ReadAnswer NoInformation = new(AnswerKind.NoInformation, SiblingSet.Empty, Provisional: true);

    /// <summary>"Here, but damaged."</summary>
    public static readonly ReadAnswer Unreadable = new(AnswerKind.Unreadable, SiblingSet.Empty, Provisional: true);

    /// <summary>"This is what I hold."</summary>
    public static ReadAnswer Found(SiblingSet set, bool provisional) => new(AnswerKind.Found, set, provisional);
}
