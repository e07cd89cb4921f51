using Akka.Actor;
using Akka.Pattern;

namespace Troupe.Tests.Pattern;

public sealed class BackoffOptionsSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Pauses_that_cannot_be_are_refused()
    {
        Refused(Options(TimeSpan.Zero, Second, 0));
        Refused(Options(2 * Second, Second, 0));
        Refused(Options(Second, 2 * Second, -0.1));
        Refused(Options(Second, 2 * Second, 1.1));
        Refused(Options(Second, 2 * Second, 0).WithAutoReset(3 * Second));
    }

    [Fact]
    public void Options_are_not_changed_by_what_is_made_from_them()
    {
        var options = Options(Second, 2 * Second, 0);

        Refused(options.WithAutoReset(3 * Second));

        Assert.NotNull(BackoffSupervisor.Props(options));
    }

    private static BackoffOptions Options(TimeSpan min, TimeSpan max, double random) =>
        Backoff.OnStop(Props.Empty, "child", min, max, random, -1);

    private static void Refused(BackoffOptions options) => Assert.Throws<ArgumentException>(() => BackoffSupervisor.Props(options));
}
