using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Security;

/// <summary>
/// The HTTP door's password, asked for as browsers, curl and Prometheus know it (Basic, RFC 7617). Whether the node lives and serves is said to everybody:
/// load balancers carry no passwords.
/// </summary>
internal sealed class HttpPassword(string password)
{
    private readonly DoorPassword _password = new(password);

    public Task Check(HttpContext context, RequestDelegate next)
    {
        if (!_password.IsSet || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || IsSaid(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"KvStore\", charset=\"UTF-8\"";
        return context.Response.WriteAsJsonAsync(new
        {
            schema = 1,
            outcome = "refused",
            message = $"This door has a password, and none or another was given. Nothing was changed; give it as that of user '{DoorPassword.User}'.",
        });
    }

    private bool IsSaid(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given)
            || !given.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return false;
        var said = new byte[given.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(given.Parameter ?? "", said, out var length)) return false;
        var colon = said.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && Encoding.UTF8.GetString(said.AsSpan(0, colon)) is "" or DoorPassword.User
            && _password.Admits(said.AsSpan(colon + 1, length - colon - 1));
    }
}
