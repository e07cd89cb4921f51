namespace KvStore.Core.Links;

/// <summary>
/// Names a question of a peer. Its process is part of the name: the number alone would let a late answer meet a question of the peer's next
/// process.
/// </summary>
public readonly record struct LinkQuestion(ulong Process, ulong Correlation);
