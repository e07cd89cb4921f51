using KvStore.Server.Http;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Tests.Http;

/// <summary>Whom the HTTP door listens to.</summary>
public sealed class OwnOriginSpec
{
    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.0.0.53")]
    [InlineData("[::1]:8080")]
    [InlineData("")]
    public async Task A_request_that_names_this_machine_passes(string host) => Assert.Equal(200, (await Ask(host)).Status);

    [Theory]
    [InlineData("rebound.example:8080")]
    [InlineData("localhost.example")]
    [InlineData("127.0.0.1.example:8080")]
    [InlineData("10.0.0.1:8080")]
    public async Task A_request_that_names_another_host_is_refused_in_words(string host)
    {
        var (status, body) = await Ask(host, $"http://{host}");
        Assert.Equal(403, status);
        Assert.Contains("names a host that is not this machine. Nothing was changed;", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8080", 200)]
    [InlineData("http://localhost:3000", 403)]
    [InlineData("http://127.0.0.1:8080", 403)]
    [InlineData("null", 403)]
    public async Task A_page_is_heard_if_this_door_served_it(string origin, int status) =>
        Assert.Equal(status, (await Ask("localhost:8080", origin)).Status);

    [Theory]
    [InlineData(null, 200)]
    [InlineData("http://kv.example.org:8080", 200)]
    [InlineData("http://elsewhere.example:8080", 403)]
    public async Task A_door_beyond_this_machine_goes_by_any_name_and_still_hears_no_other_sites_page(string? origin, int status) =>
        Assert.Equal(status, (await Ask("kv.example.org:8080", origin, isLoopback: false)).Status);

    private static async Task<(int Status, string Body)> Ask(string host, string? origin = null, bool isLoopback = true)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        context.Response.Body = body;
        if (origin is not null) context.Request.Headers.Origin = origin;
        await OwnOrigin.Check(context, isLoopback, _ => Task.CompletedTask);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
