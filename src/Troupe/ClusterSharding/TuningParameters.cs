using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>The times and limits of sharding; <c>cluster-sharding.conf</c> says what each means.</summary>
public class TuningParameters
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly TimeSpan CoordinatorFailureBackoff;
    public readonly TimeSpan RetryInterval;
    public readonly int BufferSize;
    public readonly TimeSpan HandOffTimeout;
    public readonly TimeSpan ShardStartTimeout;
    public readonly TimeSpan RebalanceInterval;
    public readonly int LeastShardAllocationRebalanceThreshold;
    public readonly int LeastShardAllocationMaxSimultaneousRebalance;
    public readonly int LeastShardAllocationAbsoluteLimit;
    public readonly double LeastShardAllocationRelativeLimit;
    public readonly TimeSpan WaitingForStateTimeout;
    public readonly TimeSpan UpdatingStateTimeout;
    public readonly int CoordinatorStateWriteMajorityPlus;
    public readonly int CoordinatorStateReadMajorityPlus;
#pragma warning restore CA1051

    internal TuningParameters(Config config)
    {
        CoordinatorFailureBackoff = config.GetTimeSpan("coordinator-failure-backoff");
        RetryInterval = config.GetTimeSpan("retry-interval");
        BufferSize = config.GetInt("buffer-size");
        HandOffTimeout = config.GetTimeSpan("handoff-timeout");
        ShardStartTimeout = config.GetTimeSpan("shard-start-timeout");
        RebalanceInterval = config.GetTimeSpan("rebalance-interval");
        LeastShardAllocationRebalanceThreshold = config.GetInt("least-shard-allocation-strategy.rebalance-threshold");
        LeastShardAllocationMaxSimultaneousRebalance = config.GetInt("least-shard-allocation-strategy.max-simultaneous-rebalance");
        LeastShardAllocationAbsoluteLimit = config.GetInt("least-shard-allocation-strategy.rebalance-absolute-limit");
        LeastShardAllocationRelativeLimit = config.GetDouble("least-shard-allocation-strategy.rebalance-relative-limit");
        WaitingForStateTimeout = config.GetTimeSpan("waiting-for-state-timeout");
        UpdatingStateTimeout = config.GetTimeSpan("updating-state-timeout");
        CoordinatorStateWriteMajorityPlus = config.GetInt("coordinator-state.write-majority-plus");
        CoordinatorStateReadMajorityPlus = config.GetInt("coordinator-state.read-majority-plus");
        MajorityMinCap = config.GetInt("distributed-data.majority-min-cap");
    }

    internal int MajorityMinCap { get; }
}
