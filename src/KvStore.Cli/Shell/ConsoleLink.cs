using System.Globalization;
using System.Net.Sockets;
using Petabridge.Cmd.Protocol;

namespace KvStore.Cli.Shell;

/// <summary>
/// A connection to a node's console: says hello, hears what can be typed there, and has lines run, one at a time. Whatever goes wrong ends the
/// command with the exit code and the words for it.
/// </summary>
internal sealed class ConsoleLink : IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly string _place;
    private byte[] _input = new byte[64 << 10];
    private int _filled;

    private ConsoleLink(string place) => _place = place;

    /// <summary>Who the node is, and what can be typed there.</summary>
    public ConsoleMessage.Welcome Welcome { get; private set; } = null!;

    /// <param name="place">HOST:PORT.</param>
    public static async Task<ConsoleLink> Open(string place, string password, CancellationToken cancelled)
    {
        var link = new ConsoleLink(place);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(ConnectWithin);
        try
        {
            var colon = place.LastIndexOf(':');
            var port = int.Parse(place[(colon + 1)..], CultureInfo.InvariantCulture);
            await link._client.ConnectAsync(place[..colon].Trim('[', ']'), port, limit.Token);
            await link.Say(new ConsoleMessage.Hello(ConsoleCodec.Version, password));
            link.Welcome = await link.Hear(limit.Token) as ConsoleMessage.Welcome ?? throw new ConsoleProtocolException("no welcome");
            return link;
        }
        catch (Exception problem)
        {
            link.Dispose();
            throw problem switch
            {
                ConsoleProtocolException => new CliException(
                    ExitCode.NothingThere,
                    $"what answers at {place} is no console of this kind ({problem.Message}); nothing was done. Is that the node's console port? A node "
                    + "that was built with the packages of Petabridge.Cmd wants pbm."),
                SocketException socket => new CliException(
                    ExitCode.NothingThere,
                    $"no console answers at {place} ({socket.SocketErrorCode}); nothing was done. Look whether the node runs, and in its log whether its "
                    + "console is open."),
                OperationCanceledException when !cancelled.IsCancellationRequested => new CliException(
                    ExitCode.NothingThere,
                    $"nothing at {place} says a word in {ConnectWithin.TotalSeconds} s; nothing was done. Is that the node's console port?"),
                IOException => new CliException(
                    ExitCode.NothingThere, $"{place} has closed the connection without a word; nothing was done. Is that the node's console port?"),
                _ => problem,
            };
        }
    }

    /// <summary>Runs a line; each piece of the answer is written as it comes.</summary>
    /// <returns>The end of it.</returns>
    public async Task<ConsoleMessage.End> Run(string line, Action<string> write, CancellationToken cancelled)
    {
        try
        {
            await Say(new ConsoleMessage.Run(line));
            while (true)
            {
                switch (await Hear(cancelled))
                {
                    case ConsoleMessage.Output output:
                        write(output.Text);
                        break;
                    case ConsoleMessage.End end:
                        return end;
                    case var other:
                        throw new ConsoleProtocolException($"a {other.GetType().Name} in an answer");
                }
            }
        }
        catch (Exception problem) when (problem is IOException or SocketException or ConsoleProtocolException)
        {
            throw new CliException(
                ExitCode.Unknown,
                $"connection to {_place} terminated ({problem.Message}); what was asked for may or may not be done. Look before trying again.");
        }
    }

    /// <summary>Calls off the line that runs.</summary>
    public Task Cancel() => Say(new ConsoleMessage.Cancel());

    public void Dispose() => _client.Dispose();

    private async Task Say(ConsoleMessage message) => await _client.GetStream().WriteAsync(ConsoleCodec.Write(message));

    private async Task<ConsoleMessage> Hear(CancellationToken cancelled)
    {
        while (true)
        {
            if (ConsoleCodec.TryRead(_input.AsSpan(0, _filled), ConsoleCodec.MaxFromHost, out var message, out var consumed))
            {
                _input.AsSpan(consumed, _filled - consumed).CopyTo(_input);
                _filled -= consumed;
                return message is ConsoleMessage.Refused refused ? throw new CliException(ExitCode.Failed, $"{_place}: {refused.Why}") : message!;
            }
            if (_filled == _input.Length) Array.Resize(ref _input, Math.Min(2 * _input.Length, ConsoleCodec.MaxFromHost + sizeof(uint)));
            var bytes = await _client.GetStream().ReadAsync(_input.AsMemory(_filled), cancelled);
            if (bytes == 0) throw new IOException("the node has closed it");
            _filled += bytes;
        }
    }
}
