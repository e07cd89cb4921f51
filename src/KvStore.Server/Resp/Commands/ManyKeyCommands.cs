using KvStore.Core.Identity;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>
/// Commands on several keys. The keys may live anywhere and are worked on side by side, each for itself: where one fails, the others stay
/// done, and the error says how many. Those that read do so by so many keys at a time that their values have room.
/// </summary>
internal static class ManyKeyCommands
{
    /// <summary>Keys that are read side by side, at the most.</summary>
    private const int MaxWindow = 64;

    private static readonly RespReply.Error TooMuch = new("ERR",
        $"the values together have more than {RespLimits.MaxReplyBytes} bytes, and so much is not answered at once; nothing was changed. "
        + "Ask for fewer keys at a time.");

    public static IEnumerable<RespCommandInfo> All(KeyAccess keys) =>
    [
        new("MGET", -2, KeyRange.All, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact,
            $"The values, each as of its own moment; of more than {RespLimits.MaxReplyBytes / (1024 * 1024)} MiB together an error.",
            request => MultiGet(keys, request)),
        new("MSET", -3, KeyRange.Pairs, CommandFlags.Write, Fidelity.Eventual, Fidelity.Eventual,
            "Sets several values, each for itself.", request => MultiSet(keys, request)),
        new("DEL", -2, KeyRange.All, CommandFlags.Write, Fidelity.Eventual, Fidelity.Exact,
            "Deletes; answers how many there were.", request => Delete(keys, request)),
        new("UNLINK", -2, KeyRange.All, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "As DEL.", request => Delete(keys, request)),
        new("EXISTS", -2, KeyRange.All, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact,
            "How many of them there are; one that is named twice counts twice.", request => Exists(keys, request)),
    ];

    private static async ValueTask<RespAnswer> MultiGet(KeyAccess keys, RespRequest request)
    {
        var names = request.Arguments;
        var items = new List<RespReply>(names.Count);
        long bytes = 0;
        while (items.Count < names.Count)
        {
            foreach (var read in await Window(names, items.Count, Room(keys, bytes), name => Read(keys, request, name)))
            {
                if (!read.TryGet(out var held, out var problem)) return Arguments.Error(problem);
                items.Add(held.Exists ? new RespReply.Bulk(held.Bytes) : RespReply.Null);
                bytes += held.Bytes.Length;
            }
            if (bytes > RespLimits.MaxReplyBytes) return TooMuch;
        }
        return new RespReply.Array(items);
    }

    private static async ValueTask<RespAnswer> Exists(KeyAccess keys, RespRequest request)
    {
        var (names, count, room) = (request.Arguments, 0, Room(keys, taken: 0));
        for (var first = 0; first < names.Count; first += room)
        {
            foreach (var read in await Window(names, first, room, name => Read(keys, request, name)))
            {
                if (!read.TryGet(out var held, out var problem)) return Arguments.Error(problem);
                if (held.Exists) count++;
            }
        }
        return Arguments.Integer(count);
    }

    /// <summary>So many keys may be read side by side where values of so many bytes are there already.</summary>
    private static int Room(KeyAccess keys, long taken) =>
        (int)Math.Clamp((RespLimits.MaxReplyBytes - taken) / keys.Spaces.Gateway.MaxValueBytes, 1, MaxWindow);

    private static Task<TResult[]> Window<T, TResult>(IReadOnlyList<T> of, int first, int count, Func<T, Task<TResult>> work) =>
        Task.WhenAll(of.Skip(first).Take(count).Select(work));

    private static async ValueTask<RespAnswer> MultiSet(KeyAccess keys, RespRequest request)
    {
        var arguments = request.Arguments;
        if (arguments.Count % 2 != 0) return RespCommandTable.WrongNumber(request.Name);

        // Everything is checked before anything is written. Of a key that is named twice the last value counts.
        var wanted = new Dictionary<BucketKey, (IKeySpace Space, ReadOnlyMemory<byte> Value)>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!keys.Find(request, arguments[i]).TryGet(out var target, out var problem)) return Arguments.Error(problem);
            if (keys.TooLarge(arguments[i + 1].Length) is { } tooLarge) return tooLarge;
            wanted[target.Key] = (target.Space, arguments[i + 1]);
        }
        var puts = await Task.WhenAll(wanted.Select(
            entry => entry.Value.Space.Put(entry.Key, Held.Value(entry.Value.Value), request.Cancelled)));
        var failed = puts.FirstOrDefault(problem => problem is not null);
        return failed is null ? RespReply.Ok : AfterSome(failed, puts.Count(problem => problem is null), "set");
    }

    private static async ValueTask<RespAnswer> Delete(KeyAccess keys, RespRequest request)
    {
        var targets = new Dictionary<BucketKey, IKeySpace>();
        foreach (var name in request.Arguments)
        {
            if (!keys.Find(request, name).TryGet(out var target, out var problem)) return Arguments.Error(problem);
            targets[target.Key] = target.Space;
        }
        var (all, ends, room) = (targets.ToList(), new List<Outcome<bool>>(targets.Count), Room(keys, taken: 0));
        while (ends.Count < all.Count)
        {
            ends.AddRange(await Window(all, ends.Count, room, target => target.Value.Update(
                target.Key, held => held.Exists ? Change.Delete<bool>(true) with { IsRepeatable = true } : Change.None<bool>(false), request.Cancelled)));
        }
        var deleted = ends.Count(end => end.TryGet(out var there, out _) && there);
        var failed = ends.Select(end => end.Problem).FirstOrDefault(problem => problem is not null);
        return failed is null ? Arguments.Integer(deleted) : AfterSome(failed, deleted, "deleted");
    }

    private static async Task<Outcome<Held>> Read(KeyAccess keys, RespRequest request, ReadOnlyMemory<byte> name) =>
        keys.Find(request, name).TryGet(out var target, out var problem)
            ? await target.Space.Read(target.Key, request.Cancelled)
            : problem;

    private static RespReply.Error AfterSome(Problem failed, int done, string what) =>
        new(failed.Code, done == 0 ? failed.Text : $"{failed.Text} (that is of one key; {done} others were {what})");
}
