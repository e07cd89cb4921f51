using ActorRuntime.Specs.Persistence.Plugins;

namespace ActorRuntime.Specs.Persistence;

public sealed class MemoryJournalSpec() : JournalPluginSpec(PersistentSpec.InMemory)
{
    protected override bool KeepsBytes => false;
}

public sealed class MemorySnapshotStoreSpec() : SnapshotStorePluginSpec(PersistentSpec.InMemory)
{
    protected override bool KeepsBytes => false;
}
