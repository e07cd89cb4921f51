using System.Net.Http.Json;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>What a test asks a node over HTTP.</summary>
internal sealed class HttpDoor(int port)
{
    private static readonly HttpClient Http = new();

    public Task<JsonElement> Get(string what) => Http.GetFromJsonAsync<JsonElement>(Url(what));

    public async Task<long> Number(string what, string name) => (await Get(what)).GetProperty(name).GetInt64();

    /// <summary>The answer, which must be a good one.</summary>
    public Task<JsonElement> Post(string what) => Send(HttpMethod.Post, what);

    /// <summary>The answer, which must be a good one.</summary>
    public Task<JsonElement> Put(string what) => Send(HttpMethod.Put, what);

    private async Task<JsonElement> Send(HttpMethod method, string what)
    {
        using var request = new HttpRequestMessage(method, Url(what));
        using var answer = await Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {what}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Uri Url(string what) => new($"http://127.0.0.1:{port}/v1/{what}");
}
