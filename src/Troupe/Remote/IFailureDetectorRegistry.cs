namespace Akka.Remote;

/// <summary>A failure detector per resource.</summary>
public interface IFailureDetectorRegistry<in T>
{
    /// <summary>A resource without a detector, or one whose detector has seen nothing yet, is available.</summary>
    bool IsAvailable(T resource);

    bool IsMonitoring(T resource);

    void Heartbeat(T resource);

    void Remove(T resource);

    void Reset();
}
