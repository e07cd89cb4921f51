using System.Text;
using Akka.Actor;
using KvStore.Server.Http;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Tests.Http;

/// <summary>What a client hears when an actor of the node does not answer.</summary>
public sealed class PatienceSpec
{
    [Theory]
    [InlineData("GET", "No answer in time. Nothing was changed; try again, or ask another node.")]
    [InlineData("POST", "No answer in time. The change may still be made; look before trying again.")]
    public async Task No_answer_in_time_is_said_in_words(string method, string words)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Response.Body = body;
        await Patience.Check(context, _ => Task.FromException(new AskTimeoutException("Timeout after 5 seconds")));
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains($"\"message\":\"{words}\"", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1000, "1970-01-01T00:00:01.000Z")]
    [InlineData(9_000_000_000_000_000, "9999-12-31T23:59:59.999Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.999Z")]
    public void An_expiry_that_no_calendar_has_is_shown_as_its_last_day(long milliseconds, string? shown) =>
        Assert.Equal(shown, KeyEndpoints.Instant(milliseconds));
}
