using System.Net;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Http;

/// <summary>
/// Lets no page of another site have somebody's browser read from this door or change the ring. Programs say nothing of the kind that is checked here.
/// <list type="number">
/// <item>On a door that listens on loopback the host that a request names is this machine. A page whose own name has been made to lead to this machine
/// (DNS rebinding) names itself: to the browser the door is that page's own site.</item>
/// <item>A browser says from which site a request comes, and what comes from elsewhere than this door is refused.</item>
/// </list>
/// </summary>
internal static class OwnOrigin
{
    /// <param name="context">The request.</param>
    /// <param name="isLoopback">Whether the door listens on loopback; others have names of their own, and TLS or a password instead.</param>
    /// <param name="next">What it is let on to.</param>
    public static Task Check(HttpContext context, bool isLoopback, RequestDelegate next)
    {
        if (isLoopback && !IsThisMachine(context.Request.Host)) return Refuse(context,
            "This names a host that is not this machine. Nothing was changed; ask at localhost, 127.0.0.1 or [::1].");
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}" ? next(context) : Refuse(context,
            "This comes from a page of another site. Nothing was changed; ask from a program, or from a page that this door serves.");
    }

    /// <summary>The names of a door on loopback. No browser leaves the host out; a probe that speaks HTTP/1.0 may.</summary>
    private static bool IsThisMachine(HostString host) =>
        !host.HasValue
        || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address));

    private static Task Refuse(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { schema = 1, outcome = "refused", message });
    }
}
