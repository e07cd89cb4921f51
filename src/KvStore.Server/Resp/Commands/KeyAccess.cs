using KvStore.Core.Identity;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>How commands reach the keys they name: finds the bucket, checks the key and the size, turns a problem into an error.</summary>
internal sealed class KeyAccess(KeySpaces spaces)
{
    public KeySpaces Spaces => spaces;

    /// <summary>Reads the first key.</summary>
    public async ValueTask<RespAnswer> Read(RespRequest request, Func<Held, RespReply> show)
    {
        if (!Find(request, request.Arguments[0]).TryGet(out var target, out var problem)) return Arguments.Error(problem);
        var read = await target.Space.Read(target.Key, request.Cancelled);
        return read.TryGet(out var held, out problem) ? show(held) : Arguments.Error(problem);
    }

    /// <summary>Puts a value under the first key, whatever is there.</summary>
    public async ValueTask<RespAnswer> Put(RespRequest request, Held value, RespReply done)
    {
        if (TooLarge(value.Bytes.Length) is { } tooLarge) return tooLarge;
        if (!Find(request, request.Arguments[0]).TryGet(out var target, out var problem)) return Arguments.Error(problem);
        return await target.Space.Put(target.Key, value, request.Cancelled) is { } failed ? Arguments.Error(failed) : done;
    }

    /// <summary>Reads the first key and writes what the step makes of it.</summary>
    public async ValueTask<RespAnswer> Update(RespRequest request, Func<Held, Change<RespReply>> step) =>
        await Update(request, request.Arguments[0], step);

    public async Task<RespReply> Update(RespRequest request, ReadOnlyMemory<byte> name, Func<Held, Change<RespReply>> step)
    {
        if (!Find(request, name).TryGet(out var target, out var problem)) return Arguments.Error(problem);
        var update = await target.Space.Update(target.Key, held => Bounded(step(held)), request.Cancelled);
        return update.TryGet(out var reply, out problem) ? reply : Arguments.Error(problem);
    }

    public Outcome<(IKeySpace Space, BucketKey Key)> Find(RespRequest request, ReadOnlyMemory<byte> name)
    {
        if (!spaces.Of(request.Bucket).TryGet(out var space, out var problem)) return problem;
        return Arguments.Key(request.Bucket, name).TryGet(out var key, out problem) ? (space, key) : problem;
    }

    public RespReply.Error? TooLarge(long bytes) => Arguments.TooLarge(bytes, spaces.Gateway.MaxValueBytes);

    private Change<RespReply> Bounded(Change<RespReply> change) =>
        change.Kind == ChangeKind.Put && TooLarge(change.After.Bytes.Length) is { } tooLarge ? Change.None<RespReply>(tooLarge) : change;
}
