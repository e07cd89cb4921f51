namespace Troupe.Tests.Remote;

/// <summary>Specs that measure the process's memory: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    internal const string Name = "alone";
}
