using KvStore.Wire;

namespace KvStore.Client.Requests;

/// <summary>How the answer to a change of a bucket is put to the application. Pure.</summary>
internal static class BucketAnswers
{
    public static BucketResult Of(Verdict? last) => last?.Answer switch
    {
        ClientProtocol.BucketChanged { Outcome: ClientProtocol.BucketOutcome.Done } done =>
            new BucketResult { Status = WriteStatus.Done, Problem = done.Text },
        ClientProtocol.BucketChanged { Outcome: ClientProtocol.BucketOutcome.Refused } refused =>
            new BucketResult { Status = WriteStatus.NotDone, Problem = refused.Text },
        ClientProtocol.BucketChanged unknown => new BucketResult { Status = WriteStatus.Unknown, Problem = unknown.Text },
        ClientProtocol.Busy => new BucketResult
        {
            Status = WriteStatus.NotDone,
            Problem = "The node has as much under way as it takes. Nothing was changed; try again a little later.",
        },
        ClientProtocol.BadRequest bad => new BucketResult { Status = WriteStatus.NotDone, Problem = bad.Text },
        _ => new BucketResult
        {
            Status = WriteStatus.Unknown,
            Problem = "The node has not answered in time. The change may still be decided; list the buckets before trying again.",
        },
    };

    public static BucketResult NotConnected() => new()
    {
        Status = WriteStatus.NotDone,
        Problem = NotConnectedYet.Text,
    };

    public static BucketResult Busy() => new()
    {
        Status = WriteStatus.NotDone,
        Problem = "This client has as many requests under way as it takes (MaxInFlight). Nothing was sent; try again a little later.",
    };
}
