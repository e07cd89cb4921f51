using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>A request that changed a register, kept with its result so that a repetition changes nothing.</summary>
public readonly record struct RecentRequest(RequestId Id, ulong Version);
