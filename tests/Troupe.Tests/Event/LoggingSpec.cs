using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using FsCheck;
using FsCheck.Fluent;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Event;

public class LoggingSpec
{
    [Theory]
    [InlineData("{0} of {1}", "1 of two")]
    [InlineData("{Done} of {All}", "1 of two")]
    [InlineData("{1} before {0}", "two before 1")]
    [InlineData("{{{0}}}", "{1}")]
    [InlineData("{0:0.00}|{1,5}|{1,-5}|", "1.00|  two|two  |")]
    [InlineData("no holes", "no holes")]
    [InlineData("{0} {1} {2}", "{0} {1} {2} [1, two]")]
    [InlineData("an open {", "an open {")]
    public void Templates(string template, string text) =>
        Assert.Equal(text, DefaultLogMessageFormatter.Instance.Format(template, 1, "two"));

    [Fact]
    public void No_template_throws() =>
        Prop.ForAll(Gen.Elements("{", "}", "0", "1", ":", ",", "x", "N", " ").ListOf().Select(string.Concat)
            .ToArbitrary(), template =>
            DefaultLogMessageFormatter.Instance.Format(template, 1, null!, new DateTime(2026, 1, 2)) is not null)
                .QuickCheckThrowOnFailure();

    [Fact]
    public void An_actor_logs_under_its_path_with_the_time_of_its_system()
    {
        using var system = new ManualSystem();
        var actor = system.Start((context, _) => context.GetLogger().Info("hello {Name}", "you"), "a");

        system.Tell(actor, 1);

        var entry = Assert.Single(system.Logged().OfType<Info>(), e => e.Message.ToString() == "hello you");
        Assert.Equal("akka://manual/user/a", entry.LogSource);
        Assert.Equal(system.Seams.UtcNow.UtcDateTime, entry.Timestamp);
        Assert.Contains("[INFO][1970-01-01T01:00:00.000Z]", entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_below_the_level_is_not_even_formatted()
    {
        using var system = new ManualSystem("akka.loglevel = WARNING");
        var log = system.System.Log;

        log.Info("{0}", new Explosive());
        log.Warning("seen");
        system.Run();

        Assert.False(log.IsInfoEnabled);
        Assert.Equal("seen", Assert.Single(system.Logged()).Message);
    }

    [Fact]
    public void The_level_can_be_changed_while_the_system_runs()
    {
        using var system = new ManualSystem("akka.loglevel = ERROR");

        system.System.EventStream.SetLogLevel(LogLevel.DebugLevel);
        system.System.Log.Debug("now");
        system.Run();

        Assert.Equal("now", Assert.Single(system.Logged()).Message);
    }

    [Fact]
    public void A_filter_drops_what_it_matches()
    {
        var filters = new LogFilterBuilder().ExcludeSourceStartingWith("noisy").ExcludeMessageContaining("secret").Build()
            .CreateEvaluator();

        Assert.False(filters.ShouldTryKeepMessage(new Info("noisy/1", typeof(string), "x"), out _));
        Assert.False(filters.ShouldTryKeepMessage(new Info("quiet", typeof(string), "a secret"), out _));
        Assert.True(filters.ShouldTryKeepMessage(new Info("quiet", typeof(string), "x"), out var text));
        Assert.Equal("x", text);
    }

    [Theory]
    [InlineData("akka.loglevel = LOUD", "LOUD")]
    [InlineData("akka.loggers = [\"No.Such.Logger\"]", "akka.loggers")]
    [InlineData("akka.loggers = [\"System.String\"]", "akka.loggers")]
    [InlineData("akka.log-dead-letters = often", "often")]
    public void A_wrong_setting_is_an_error_that_names_it(string config, string named)
    {
        var error = Assert.Throws<ConfigurationException>(() => new ManualSystem(config));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private sealed class Explosive
    {
        public override string ToString() => throw new InvalidOperationException("it was formatted");
    }
}
