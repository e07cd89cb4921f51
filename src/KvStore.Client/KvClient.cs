using System.Text;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using KvStore.Client.Connection;
using KvStore.Client.Requests;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;

namespace KvStore.Client;

/// <summary>
/// A client of a KvStore cluster. It finds the cluster through any node, learns the ring, and sends each request straight to a node that owns the
/// key; it follows the ring's changes, asks another node when one is silent, and repeats a write under the same request id, so that it is
/// applied once. One client serves a whole program; all its members can be called from any thread at the same time.
/// <para>A failure of the cluster is a result; an exception is a mistake of the caller's, or a cluster that was never found.</para>
/// <example><code>
/// await using var client = await KvClient.ConnectAsync(["127.0.0.1:4053"]);
/// await client.OverwriteAsync("fruit", "apple");
/// var fruit = await client.GetAsync("fruit");
/// Console.WriteLine(fruit.Text);
/// </code></example>
/// </summary>
public sealed partial class KvClient : IAsyncDisposable
{
    /// <summary>Beyond a request's own deadline: by then its actor has answered, or its system is gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly IActorRef _actor;
    private readonly KvClientOptions _options;

    private KvClient(ActorSystem system, bool ownsSystem, KvClientOptions options, IReadOnlyList<Address> contacts)
    {
        (_system, _ownsSystem, _options) = (system, ownsSystem, options);
        _actor = system.ActorOf(ClientActor.Props(options, contacts));
    }

    /// <summary>Connects with an actor system of its own, which ends with the client.</summary>
    /// <param name="contactPoints">
    /// Nodes to begin with, "HOST:PORT" with the port of their remoting, or "akka.tcp://NAME@HOST:PORT" ("akka.ssl.tcp" in TLS). One that lives is enough.
    /// </param>
    /// <param name="options">How it goes about its work; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is left behind.</param>
    /// <exception cref="ArgumentException">A contact point or an option makes no sense.</exception>
    /// <exception cref="ConfigurationException">The <see cref="KvClientOptions.CertificateFile"/> cannot be read.</exception>
    /// <exception cref="KvConnectException">No node was found within <see cref="KvClientOptions.ConnectTimeout"/>.</exception>
    public static Task<KvClient> ConnectAsync(
        IEnumerable<string> contactPoints, KvClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contactPoints);
        var wanted = (options ?? KvClientOptions.Default).Checked();
        var contacts = ContactPoint.ParseAll(
            contactPoints, wanted.ClusterName, wanted.CertificateFile is null ? ContactPoint.Plain : ContactPoint.Tls);
        var system = ActorSystem.Create("kv-client", WithCertificate(wanted.CertificateFile));
        return ConnectAsync(new KvClient(system, ownsSystem: true, wanted, contacts), contacts, cancellationToken);
    }

    /// <summary>Connects with the caller's actor system, which has remoting and the settings of <see cref="Configuration"/>.</summary>
    /// <param name="system">Stays open when the client is disposed of.</param>
    /// <param name="contactPoints">Nodes to begin with, as above.</param>
    /// <param name="options">How it goes about its work; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is left behind.</param>
    /// <exception cref="ArgumentException">A contact point or an option makes no sense.</exception>
    /// <exception cref="KvConnectException">No node was found within <see cref="KvClientOptions.ConnectTimeout"/>.</exception>
    public static Task<KvClient> ConnectAsync(
        ActorSystem system, IEnumerable<string> contactPoints, KvClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(contactPoints);
        var wanted = (options ?? KvClientOptions.Default).Checked();
        var contacts = ContactPoint.ParseAll(contactPoints, wanted.ClusterName, ProtocolOf(system));
        return ConnectAsync(new KvClient(system, ownsSystem: false, wanted, contacts), contacts, cancellationToken);
    }

    /// <summary>What an actor system of the caller's needs: remoting, and the serializer of the store's messages (a fallback).</summary>
    public static Config Configuration { get; } = ConfigurationFactory.FromResource<KvClient>("client.conf")
        .WithFallback(ClusterClientReceptionist.DefaultConfig());

    /// <summary>The ring as this client knows it: which nodes there are, and who owns what.</summary>
    public async Task<Ring> GetRingAsync() =>
        (await _actor.Ask<ClientActor.RingKnown>(ClientActor.AwaitRing.Instance, _options.RequestTimeout)).Ring;

    /// <summary>Reads a key.</summary>
    /// <param name="key">1 to 2,048 bytes; <see cref="Key.Of"/> makes one of a text.</param>
    /// <param name="options">What this read asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the read itself goes on and changes nothing.</param>
    /// <returns>Values, absence, or why neither is known.</returns>
    public Task<ReadResult> GetAsync(Key key, GetOptions? options = null, CancellationToken cancellationToken = default)
    {
        var wishes = options ?? GetOptions.Default;
        return Ask<ReadResult>(new ReadCall(NameOf(key, wishes.Bucket), wishes, TimeoutOf(wishes.Timeout)), cancellationToken);
    }

    /// <summary>Reads the key of that text.</summary>
    /// <inheritdoc cref="GetAsync(Key, GetOptions?, CancellationToken)"/>
    public Task<ReadResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellationToken = default) =>
        GetAsync(Key.Of(key), options, cancellationToken);

    /// <summary>
    /// Writes a value that is based on what was read: it supersedes what the context covers and nothing else. Without a context it supersedes
    /// nothing and becomes a sibling of what there is.
    /// </summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="value">At most <see cref="KvClientOptions.MaxValueBytes"/>.</param>
    /// <param name="context">The <see cref="ReadResult.Context"/> of the read, or the <see cref="WriteResult.Context"/> of the write before.</param>
    /// <param name="options">What this write asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the write may be applied all the same.</param>
    /// <exception cref="ArgumentException">The key or the value is too large. Nothing was sent.</exception>
    public Task<WriteResult> PutAsync(Key key, ReadOnlyMemory<byte> value, CausalToken context = default, PutOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Write(key, Checked(value), WriteMode.WithContext, context, options, cancellationToken);

    /// <summary>Writes a text under the key of a text, both as UTF-8.</summary>
    /// <inheritdoc cref="PutAsync(Key, ReadOnlyMemory{byte}, CausalToken, PutOptions?, CancellationToken)"/>
    public Task<WriteResult> PutAsync(string key, string value, CausalToken context = default, PutOptions? options = null,
        CancellationToken cancellationToken = default) =>
        PutAsync(Key.Of(key), Encoding.UTF8.GetBytes(value), context, options, cancellationToken);

    /// <summary>
    /// Writes a value in place of whatever the coordinating replica holds at that moment, and of nothing else: concurrent writes at other
    /// replicas stay, as siblings.
    /// </summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="value">At most <see cref="KvClientOptions.MaxValueBytes"/>.</param>
    /// <param name="options">What this write asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the write may be applied all the same.</param>
    /// <exception cref="ArgumentException">The key or the value is too large. Nothing was sent.</exception>
    public Task<WriteResult> OverwriteAsync(
        Key key, ReadOnlyMemory<byte> value, PutOptions? options = null, CancellationToken cancellationToken = default) =>
        Write(key, Checked(value), WriteMode.Overwrite, CausalToken.None, options, cancellationToken);

    /// <summary>Writes a text over the key of a text, both as UTF-8.</summary>
    /// <inheritdoc cref="OverwriteAsync(Key, ReadOnlyMemory{byte}, PutOptions?, CancellationToken)"/>
    public Task<WriteResult> OverwriteAsync(
        string key, string value, PutOptions? options = null, CancellationToken cancellationToken = default) =>
        OverwriteAsync(Key.Of(key), Encoding.UTF8.GetBytes(value), options, cancellationToken);

    /// <summary>
    /// Deletes what the context covers; without a context whatever the coordinating replica holds at that moment. A concurrent write survives.
    /// </summary>
    /// <param name="key">1 to 2,048 bytes.</param>
    /// <param name="context">The context of the read that it is based on.</param>
    /// <param name="options">What this delete asks for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the wait; the delete may be applied all the same.</param>
    public Task<WriteResult> DeleteAsync(Key key, CausalToken context = default, PutOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Write(key, null, context.IsNone ? WriteMode.Overwrite : WriteMode.WithContext, context, options, cancellationToken);

    /// <summary>Deletes under the key of a text.</summary>
    /// <inheritdoc cref="DeleteAsync(Key, CausalToken, PutOptions?, CancellationToken)"/>
    public Task<WriteResult> DeleteAsync(string key, CausalToken context = default, PutOptions? options = null,
        CancellationToken cancellationToken = default) =>
        DeleteAsync(Key.Of(key), context, options, cancellationToken);

    /// <summary>Ends the client; requests under way end without an answer. An actor system of its own ends too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownsSystem) await _system.Terminate();
        else await _actor.GracefulStop(Grace);
    }

    private static string ProtocolOf(ActorSystem system) =>
        ((ExtendedActorSystem)system).Provider.DefaultAddress is { HasGlobalScope: true } own ? own.Protocol : ContactPoint.Plain;

    private static Config WithCertificate(string? file) => file is null ? Configuration : ConfigurationFactory.ParseString($$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = on
          ssl.certificate { path = "{{Path.GetFullPath(file).Replace("\\", "\\\\", StringComparison.Ordinal)}}", password = "" }
        }
        """).WithFallback(Configuration);

    private static async Task<KvClient> ConnectAsync(KvClient client, List<Address> contacts, CancellationToken cancelled)
    {
        var timeout = client._options.ConnectTimeout;
        try
        {
            await client._actor.Ask<ClientActor.RingKnown>(ClientActor.AwaitRing.Instance, timeout, cancelled);
            return client;
        }
        catch (Exception problem)
        {
            await client.DisposeAsync();
            if (problem is not AskTimeoutException) throw;
            throw new KvConnectException(
                $"No node answered within {timeout.TotalSeconds:0.#} s at {string.Join(", ", contacts)}. Nothing was changed. Check that a node "
                + "runs there, that the port is that of its remoting, and that the cluster has this name.", problem);
        }
    }

    private Task<WriteResult> Write(Key key, ReadOnlyMemory<byte>? value, WriteMode mode, CausalToken context, PutOptions? options,
        CancellationToken cancelled)
    {
        var wishes = options ?? PutOptions.Default;
        var call = new WriteCall(NameOf(key, wishes.Bucket), value, wishes, TimeoutOf(wishes.Timeout)) { Mode = mode, Context = context };
        return Ask<WriteResult>(call, cancelled);
    }

    private Task<T> Ask<T>(ClientCall call, CancellationToken cancelled) => _actor.Ask<T>(call, call.Timeout + Grace, cancelled);

    private BucketKey NameOf(Key key, BucketName? bucket) => key.IsNone
        ? throw new ArgumentException($"A key has 1 to {Key.MaxLength} bytes; this one has none.", nameof(key))
        : new BucketKey(bucket ?? _options.Bucket, key);

    internal ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> value) => value.Length <= _options.MaxValueBytes
        ? value
        : throw new ArgumentException(
            $"The value has {value.Length} bytes; at most {_options.MaxValueBytes} are sent (KvClientOptions.MaxValueBytes). Nothing was written.",
            nameof(value));

    private TimeSpan TimeoutOf(TimeSpan? asked)
    {
        var timeout = asked ?? _options.RequestTimeout;
        return timeout > TimeSpan.Zero && timeout <= TimeSpan.FromMinutes(1)
            ? timeout
            : throw new ArgumentException($"A request's timeout is above zero and at most a minute; this one is {timeout}.", nameof(asked));
    }
}
