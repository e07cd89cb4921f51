using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Wire;

namespace KvStore.Server.Resp;

/// <summary>
/// The store's answers in Redis' terms. Error codes: BUSY (nothing was done, try again), TRYAGAIN (surely not applied), UNKNOWN
/// (may or may not
/// be applied; the same SET again is safe).
/// </summary>
internal static class Answers
{
    public static async Task<ReadResult> Read(KeyValueGateway gateway, BucketKey key, CancellationToken cancelled)
    {
        try
        {
            return await gateway.Get(key, cancelled) switch
            {
                ClientProtocol.GetDone { Result: GetResult.Done } done => Shown(done.State),
                ClientProtocol.GetDone done => Failed("TRYAGAIN", $"too few replicas answered ({done.Tally}); nothing is known of the key"),
                ClientProtocol.Busy => new ReadResult.Failed(Busy),
                _ => throw new UnreachableException(),
            };
        }
        catch (AskTimeoutException)
        {
            return Failed("TRYAGAIN", "no answer in time; nothing is known of the key");
        }
    }

    /// <summary>Null when the write is applied; else what to tell the client.</summary>
    public static async Task<RespReply.Error?> Write(
        KeyValueGateway gateway, BucketKey key, ReadOnlyMemory<byte>? value, CancellationToken cancelled)
    {
        try
        {
            return await gateway.Put(key, value, cancelled) switch
            {
                ClientProtocol.PutDone { Result: PutResult.Done } => null,
                ClientProtocol.PutDone { Result: PutResult.NotDone } done => new RespReply.Error("TRYAGAIN",
                    $"{Why(done)}; the write was not applied, try again"),
                ClientProtocol.PutDone done => new RespReply.Error("UNKNOWN",
                    $"{Why(done)} ({done.Tally}); the write may or may not be applied, writing it again is safe"),
                ClientProtocol.Busy => Busy,
                _ => throw new UnreachableException(),
            };
        }
        catch (AskTimeoutException)
        {
            return new RespReply.Error("UNKNOWN", "no answer in time; the write may or may not be applied, writing it again is safe");
        }
    }

    private static readonly RespReply.Error Busy =
        new("BUSY", "this node has as many requests under way as it takes; nothing was done, try again or another node");

    private static ReadResult Shown(SiblingSet state)
    {
        var shown = SiblingView.Shown(state, ConflictPolicy.Siblings, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return shown.Count == 0
            ? ReadResult.Absent.Instance
            : new ReadResult.Value(shown.MaxBy(version => (version.Timestamp.Value, version.Dot))!.Value);
    }

    private static string Why(ClientProtocol.PutDone done) => done.Reason switch
    {
        PutReason.QuorumImpossible => "too few replicas can be reached",
        PutReason.Timeout => "too few replicas acknowledged in time",
        PutReason.Refused => $"the coordinating replica refused ({done.Refusal})",
        _ => throw new UnreachableException(),
    };

    private static ReadResult.Failed Failed(string code, string text) => new(new RespReply.Error(code, text));
}
