using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Petabridge.Cmd.Protocol;

namespace Petabridge.Cmd.Host;

/// <summary>
/// One client: reads its frames, has one command at a time answered by a handler of its own for each palette, and writes the answers.
/// <para>Owner: <see cref="HostActor"/>. Ends with its client, and its handlers with it.</para>
/// <para>Invariants: (1) one read and one write are under way at the most; (2) nothing is done before a hello with the right password;
/// (3) each line is answered by one end, also when its handler dies; (4) whoever does not read, or says what makes no sense, is disconnected;
/// (5) a client that is told why it is closed can read that: what it goes on sending is taken for a while and passed over, since a socket that is
/// closed with something unread is reset, and what was written last is lost with it.</para>
/// </summary>
internal sealed class ConnectionActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Lingers = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Socket _client;
    private readonly HostSettings _settings;
    private readonly ImmutableList<CommandPaletteHandler> _palettes;
    private readonly byte[] _welcome;
    private readonly string? _refusal;
    private readonly byte[] _input = new byte[ConsoleCodec.MaxFromClient + sizeof(uint)];
    private readonly Outbox _outbox;
    private int _filled;
    private bool _isGreeted;
    private bool _isClosing;
    private bool _isCancelled;
    private IActorRef? _run;
    private IActorRef? _handler;

    /// <param name="refusal">Why this client is not served; null when it is.</param>
    public ConnectionActor(Socket client, HostSettings settings, ImmutableList<CommandPaletteHandler> palettes, byte[] welcome, string? refusal)
    {
        (_client, _settings, _palettes, _welcome, _refusal) = (client, settings, palettes, welcome, refusal);
        _outbox = new Outbox(settings.Limits.PendingBytes);
        Receive<Received>(received => OnReceived(received.Bytes));
        Receive<Written>(_ => OnWritten());
        Receive<CommandRun.Responded>(OnResponded);
        Receive<Terminated>(gone => OnHandlerGone(gone.ActorRef));
        Receive<Expired>(expired => Expire(expired.Why));
        Receive<Broken>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Socket client, HostSettings settings, ImmutableList<CommandPaletteHandler> palettes, byte[] welcome, string? refusal) =>
        Akka.Actor.Props.Create(() => new ConnectionActor(client, settings, palettes, welcome, refusal));

    protected override void PreStart()
    {
        if (_refusal is not null) Close(_refusal);
        else Expect("hello", _settings.Limits.Handshake, "It has said no hello in time.");
        ReadNext();
    }

    protected override void PostStop() => _client.Dispose();

    private void ReadNext() => _client.ReceiveAsync(_input.AsMemory(_filled), SocketFlags.None).AsTask().PipeTo(
        Self, success: bytes => new Received(bytes), failure: problem => new Broken(problem.Message));

    private void OnReceived(int bytes)
    {
        if (bytes == 0)
        {
            Context.Stop(Self);
            return;
        }
        if (!_isClosing) TakeFrames(_filled + bytes);
        ReadNext();
    }

    private void TakeFrames(int filled)
    {
        _filled = filled;
        try
        {
            var taken = 0;
            while (!_isClosing && ConsoleCodec.TryRead(_input.AsSpan(taken, _filled - taken), ConsoleCodec.MaxFromClient, out var message, out var consumed))
            {
                taken += consumed;
                OnMessage(message!);
            }
            _input.AsSpan(taken, _filled - taken).CopyTo(_input);
            _filled -= taken;
        }
        catch (ConsoleProtocolException problem)
        {
            Close($"What came is none of the console's protocol: {problem.Message}. Nothing was done.");
        }
        if (_isClosing) _filled = 0;
    }

    private void OnMessage(ConsoleMessage message)
    {
        switch (message)
        {
            case ConsoleMessage.Hello hello when !_isGreeted:
                OnHello(hello);
                break;
            case ConsoleMessage.Run run when _isGreeted && _run is null:
                OnRun(run.Line);
                break;
            case ConsoleMessage.Cancel when _isGreeted:
                // The handler's end is the command's, and what it still says is too late; a command that has ended already needs nothing.
                if (_handler is null) break;
                _isCancelled = true;
                Context.Stop(_handler);
                break;
            default:
                Close($"A {message.GetType().Name} is not what a client may say now. Nothing was done.");
                break;
        }
    }

    private void OnHello(ConsoleMessage.Hello hello)
    {
        if (hello.Version != ConsoleCodec.Version)
            Close($"This node speaks version {ConsoleCodec.Version} of the console's protocol, and not {hello.Version}. Nothing was done; "
                + "use a console of its release.");
        else if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Password), Encoding.UTF8.GetBytes(_settings.Password)))
            Close("The password is not this node's. Nothing was done; give the one of petabridge.cmd.password.");
        else
        {
            _isGreeted = true;
            Timers.Cancel("hello");
            Write(_welcome);
            AwaitCommand();
        }
    }

    private void OnRun(string line)
    {
        var (command, wrong) = CommandLineParser.Parse(line, [.. _palettes.Select(known => known.Palette)]);
        if (command is null)
        {
            Write(new ConsoleMessage.End(HasFailed: true, wrong));
            AwaitCommand();
            return;
        }
        Timers.Cancel("idle");
        _run = Context.ActorOf(Akka.Actor.Props.Create(() => new CommandRun()));
        _handler = Context.Child(command.Palette);
        if (_handler.IsNobody())
            _handler = Context.Watch(Context.ActorOf(_palettes.Find(one => one.Palette.ModuleName == command.Palette)!.HandlerProps, command.Palette));
        _handler.Tell(command, _run);
    }

    private void OnResponded(CommandRun.Responded said)
    {
        if (!said.Run.Equals(_run) || _isCancelled) return;
        var (response, hasFailed) = (said.Response, said.Response is ErroredCommandResponse);
        if (response.Final) End(hasFailed, response.Msg);
        else Write(new ConsoleMessage.Output(Cut(response.Msg)));
    }

    private void OnHandlerGone(IActorRef handler)
    {
        if (!handler.Equals(_handler)) return;
        if (_isCancelled) End(hasFailed: false, "");
        else End(hasFailed: true, "What answers this command has stopped. What it had begun may be done; this node's log may say more.");
    }

    private void End(bool hasFailed, string text)
    {
        Context.Stop(_run!);
        (_run, _handler, _isCancelled) = (null, null, false);
        Write(new ConsoleMessage.End(hasFailed, Cut(text)));
        AwaitCommand();
    }

    private void AwaitCommand() => Expect("idle", _settings.Limits.Idle, "It has sent no command for too long.");

    /// <summary>Says why, and closes once that is written and read, or a while later. Nothing more is done for this client.</summary>
    private void Close(string why)
    {
        if (_isClosing) return;
        _log.Info("petabridge.cmd closes {0}: {1}", Self.Path.Name, why);
        _isClosing = true;
        Timers.Cancel("hello");
        Timers.Cancel("idle");
        Write(new ConsoleMessage.Refused(why));
    }

    private void Write(ConsoleMessage message) => Write(ConsoleCodec.Write(message));

    private void Write(byte[] frame)
    {
        if (_outbox.TryAdd(frame)) WriteNext();
        else
        {
            _log.Warning("petabridge.cmd disconnects {0}: it has left {1} bytes unread.", Self.Path.Name, _settings.Limits.PendingBytes);
            Context.Stop(Self);
        }
    }

    private void WriteNext()
    {
        if (_outbox.Next() is not { } frame) return;
        Expect("write", _settings.Limits.Write, "It does not read.");
        WriteWhole(frame).PipeTo(Self, success: () => Written.Instance, failure: problem => new Broken(problem.Message));
    }

    private async Task WriteWhole(byte[] frame)
    {
        for (var sent = 0; sent < frame.Length;) sent += await _client.SendAsync(frame.AsMemory(sent), SocketFlags.None);
    }

    private void OnWritten()
    {
        _outbox.OnWritten();
        Timers.Cancel("write");
        WriteNext();
        if (_isClosing && _outbox.IsEmpty) Linger();
    }

    private void Linger()
    {
        Timers.StartSingleTimer("linger", Broken.Off, Lingers);
        try
        {
            _client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Context.Stop(Self); // the client has gone meanwhile
        }
    }

    private void Expect(string what, TimeSpan within, string otherwise) => Timers.StartSingleTimer(what, new Expired(otherwise), within);

    private void Expire(string why)
    {
        _log.Info("petabridge.cmd closes {0}: {1}", Self.Path.Name, why);
        Context.Stop(Self);
    }

    private static string Cut(string text) => text.Length <= ConsoleCodec.MaxOutput ? text : $"{text[..ConsoleCodec.MaxOutput]}... (cut)";

    private sealed record Received(int Bytes);

    private sealed record Broken(string Reason)
    {
        public static readonly Broken Off = new("told why, and closed");
    }

    private sealed record Expired(string Why);

    private sealed class Written
    {
        public static readonly Written Instance = new();
    }
}
