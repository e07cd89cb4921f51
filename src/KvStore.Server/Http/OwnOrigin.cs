using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Http;

/// <summary>
/// Lets no page of another site have somebody's browser change the ring: a browser says from where a request comes, and what comes from
/// elsewhere than this door is refused. Programs say nothing of the kind.
/// </summary>
internal static class OwnOrigin
{
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}" ? next(context) : Refuse(context);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new
        {
            schema = 1,
            outcome = "refused",
            message = "This comes from a page of another site. Nothing was changed; ask from a program, or from a page that this door serves.",
        });
    }
}
