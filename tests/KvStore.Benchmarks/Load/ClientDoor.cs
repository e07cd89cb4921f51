using KvStore.Client;
using KvStore.Core.Identity;

namespace KvStore.Benchmarks.Load;

/// <summary>The .NET client. One of it serves all loops, as one serves a whole program.</summary>
internal sealed class ClientDoor(KvClient client) : ILoadDoor
{
    public bool Blocks => false;

    public async ValueTask<Answer> Get(ReadOnlyMemory<byte> key)
    {
        var read = await client.GetAsync(Key.Create(key));
        return read.Status switch
        {
            ReadStatus.Found => new Answer(null, read.Siblings[0]),
            ReadStatus.Absent => default,
            _ => new Answer(read.Status.ToString(), default),
        };
    }

    public async ValueTask<Answer> Set(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var written = await client.OverwriteAsync(Key.Create(key), value);
        return new Answer(written.IsDone ? null : written.Status.ToString(), default);
    }

    public void Dispose()
    {
        // The client is shared; whoever connected it ends it.
    }
}
