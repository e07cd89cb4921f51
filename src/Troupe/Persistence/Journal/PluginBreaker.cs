using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Persistence.Journal;

/// <summary>Calls a plugin behind its circuit breaker; the call's token is cancelled when nobody waits any more.</summary>
internal static class PluginBreaker
{
    public static CircuitBreaker Create(IActorContext context, Config plugin) => CircuitBreaker.Create(
        context.System.Scheduler,
        plugin.GetInt("circuit-breaker.max-failures"),
        plugin.GetTimeSpan("circuit-breaker.call-timeout"),
        plugin.GetTimeSpan("circuit-breaker.reset-timeout"));

    public static async Task<T> Call<T>(CircuitBreaker breaker, Func<CancellationToken, Task<T>> body)
    {
        using var waiting = new CancellationTokenSource();
        try
        {
            return await breaker.WithCircuitBreaker(() => body(waiting.Token));
        }
        catch
        {
            await waiting.CancelAsync();
            throw;
        }
    }
}
