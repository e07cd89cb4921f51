using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace KvStore.Cli.Nodes;

/// <summary>
/// The HTTP door of one node. What the node refuses, and that it does not answer, ends the command with the exit code and the words for it.
/// </summary>
internal sealed class NodeDoor(string place, DoorKeys keys) : IDisposable
{
    /// <summary>Longer than a node waits for a majority of the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = keys.NewClient(place, Patience);
    private readonly string _address = $"{keys.Scheme}://{place}";

    /// <summary>HOST:PORT.</summary>
    public string Place => place;

    /// <summary>What the node says.</summary>
    public async Task<JsonElement> Get(string path, CancellationToken cancelled)
    {
        try
        {
            return await Send(HttpMethod.Get, path, cancelled);
        }
        catch (CliException problem) when (problem.ExitCode == ExitCode.Unknown)
        {
            throw new CliException(ExitCode.NothingThere, $"{place} did not answer in time; nothing was changed. Try again, or another node.");
        }
    }

    /// <summary>What the node says; null when it does not answer, within a little while.</summary>
    public async Task<JsonElement?> TryGet(string path, TimeSpan patience, CancellationToken cancelled)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(patience);
        try
        {
            return await Send(HttpMethod.Get, path, limit.Token);
        }
        catch (Exception problem) when (problem is CliException { ExitCode: not ExitCode.Failed }
            || (problem is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Asks for a change, or for an answer.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        try
        {
            using var answer = await _http.SendAsync(request, cancelled);
            return Understand(answer, await answer.Content.ReadAsStringAsync(cancelled));
        }
        catch (HttpRequestException problem) when (problem.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new CliException(
                ExitCode.NothingThere,
                $"{_address} and kv do not come to trust each other ({(problem.InnerException ?? problem).Message}); nothing was done. Is KV_CA that cluster's "
                + "authority, is the host one of the certificate's names, and does the door want a certificate (KV_CERT and KV_KEY)?");
        }
        catch (HttpRequestException problem) when (WasNeverSent(problem))
        {
            throw new CliException(
                ExitCode.NothingThere,
                $"nothing answers at {_address} ({Reason(problem)}); nothing was done. Look whether the node runs, and that this is its "
                + "HTTP port.");
        }
        catch (HttpRequestException problem) when (problem.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            throw new CliException(
                ExitCode.NothingThere,
                $"what answers at {place} does not speak HTTP; nothing was done. Is that the node's HTTP port, and not another of its ports?");
        }
        catch (Exception problem) when (problem is HttpRequestException
            || (problem is TaskCanceledException && !cancelled.IsCancellationRequested))
        {
            throw new CliException(
                ExitCode.Unknown,
                $"no whole answer came from {_address} ({problem.Message}); what was asked for may or may not be done. Look before trying "
                + "again: ./kv ring.");
        }
    }

    public void Dispose() => _http.Dispose();

    private JsonElement Understand(HttpResponseMessage answer, string text)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            throw new CliException(
                ExitCode.Failed,
                $"{_address} has a password, and {(keys.Password is null ? "none" : "another")} was given; nothing was done. KV_PASSWORD says it.");
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            throw new CliException(
                ExitCode.Failed,
                $"what answers at {_address} is no node of KvStore, or one of another release (HTTP {(int)answer.StatusCode} to "
                + $"{answer.RequestMessage!.RequestUri!.AbsolutePath}). Nothing was changed. Check that this is a node's HTTP port.");
        }
        if (answer.IsSuccessStatusCode) return body;
        var words = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("message", out var message) ? message.ToString() : text;
        throw new CliException((int)answer.StatusCode == 503 ? ExitCode.Unknown : ExitCode.Failed, words);
    }

    private static bool WasNeverSent(HttpRequestException problem) =>
        problem.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    private static string Reason(HttpRequestException problem) =>
        problem.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : problem.Message;
}
