using System.Text;
using KvStore.Server.Security;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Tests.Security;

/// <summary>Who is let in at the HTTP door.</summary>
public sealed class HttpPasswordSpec
{
    [Theory]
    [InlineData("default:secret")]
    [InlineData(":secret")]
    public async Task Whoever_says_the_password_is_let_in(string said) => Assert.Equal(200, await Ask("secret", Basic(said)));

    [Theory]
    [InlineData("default:wrong")]
    [InlineData("default:")]
    [InlineData("somebody:secret")]
    [InlineData("secret")]
    public async Task Whoever_says_another_is_not(string said) => Assert.Equal(401, await Ask("secret", Basic(said)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic %%%")]
    [InlineData("Bearer secret")]
    public async Task Whoever_says_nothing_of_the_kind_is_not_and_is_told_what_is_wanted(string? said) => Assert.Equal(401, await Ask("secret", said));

    [Fact]
    public async Task Whether_the_node_lives_is_said_to_everybody() => Assert.Equal(200, await Ask("secret", null, "/health/ready"));

    [Fact]
    public async Task A_door_without_a_password_asks_for_none() => Assert.Equal(200, await Ask("", null));

    private static string Basic(string said) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(said))}";

    private static async Task<int> Ask(string password, string? said, string path = "/v1/status")
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Response.Body = Stream.Null;
        if (said is not null) context.Request.Headers.Authorization = said;
        var passed = false;
        await new HttpPassword(password).Check(context, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        Assert.Equal(passed, context.Response.StatusCode == 200);
        if (!passed) Assert.StartsWith("Basic", context.Response.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        return context.Response.StatusCode;
    }
}
