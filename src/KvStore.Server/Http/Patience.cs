using Akka.Actor;
using Microsoft.AspNetCore.Http;

namespace KvStore.Server.Http;

/// <summary>What is answered when one of the node's actors says nothing in time: 503, whether anything may have changed, and what to do.</summary>
internal static class Patience
{
    public static async Task Check(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (AskTimeoutException) when (!context.Response.HasStarted)
        {
            var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsJsonAsync(new
            {
                schema = 1,
                outcome = "unknown",
                message = Words(isRead),
                epoch = "",
            });
        }
    }

    public static string Words(bool isRead) => isRead
        ? "No answer in time. Nothing was changed; try again, or ask another node."
        : "No answer in time. The change may still be made; look before trying again.";
}
