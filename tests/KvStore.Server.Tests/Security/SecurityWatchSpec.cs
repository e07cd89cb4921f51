using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;
using KvStore.Node.Settings;
using KvStore.Server.Security;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Security;

/// <summary>What is not as safe as it could be is not forgotten.</summary>
public sealed class SecurityWatchSpec : TestKit
{
    public SecurityWatchSpec() : base(TestConfigs.TestSchedulerConfig)
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
    }

    [Fact]
    public void A_door_open_by_leave_is_spoken_of_at_once_and_every_minute()
    {
        Sys.ActorOf(SecurityWatchActor.Props(Doors("kv-store.doors { insecure = on, resp.host = 0.0.0.0 }"), tls: null));
        for (var minute = 0; minute < 3; minute++)
        {
            Said<Warning>("by kv-store.doors.insecure = on: kv-store.doors.resp (0.0.0.0:6380): no TLS");
            Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Theory]
    [InlineData(29)]
    [InlineData(1)]
    public void A_certificate_whose_time_is_nearly_over_is_spoken_of_at_once_and_every_day(int daysLeft)
    {
        Sys.ActorOf(SecurityWatchActor.Props(Doors(""), Tls(daysLeft)));
        Said<Warning>("The certificate CN=n1 holds until");
        Advance(TimeSpan.FromDays(1));
        if (daysLeft > 1) Said<Warning>("The certificate CN=n1 holds until");
        else Said<Error>("The certificate CN=n1 is out of its time");
    }

    private void Advance(TimeSpan time) => ((TestScheduler)Sys.Scheduler).Advance(time);

    private void Said<T>(string text) where T : LogEvent =>
        FishForMessage<T>(said => said.ToString().Contains(text, StringComparison.Ordinal));

    private static DoorSettings Doors(string settings) =>
        DoorSettings.Read(ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFiles.Reference));

    /// <summary>The time is the scheduler's.</summary>
    private TlsSettings Tls(int daysLeft)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = Sys.Scheduler.Now;
        var certificate = new CertificateRequest("CN=n1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(daysLeft).AddHours(-1));
        return new TlsSettings(certificate, [], [], AsksClients: false);
    }
}
