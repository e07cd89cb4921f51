using KvStore.Core.AntiEntropy;

namespace KvStore.Node.Settings;

/// <summary>Section <c>kv-store.anti-entropy</c>.</summary>
/// <param name="Interval">How often each partition is compared with each other owner.</param>
/// <param name="RetryAfter">How soon one that failed is tried again.</param>
/// <param name="Limit">How many exchanges this node begins at once; and how many of others' it takes part in.</param>
/// <param name="Timeout">How long an exchange waits for the other side.</param>
/// <param name="ReapInterval">How often each partition forgets deleted keys.</param>
/// <param name="KeeperInterval">How often a partition's keeper orders something.</param>
/// <param name="Exchange">Sizes and times of one exchange.</param>
public sealed record AntiEntropySettings(
    TimeSpan Interval, TimeSpan RetryAfter, int Limit, TimeSpan Timeout, TimeSpan ReapInterval, TimeSpan KeeperInterval,
    ExchangeOptions Exchange)
{
    internal static AntiEntropySettings Read(SettingsReader reader)
    {
        var (least, most) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(365));
        var secondLook = reader.Duration("kv-store.anti-entropy.second-look", TimeSpan.Zero, TimeSpan.FromMinutes(1));
        var settings = new AntiEntropySettings(
            reader.Duration("kv-store.anti-entropy.interval", least, most),
            reader.Duration("kv-store.anti-entropy.retry-after", least, most),
            reader.Int("kv-store.anti-entropy.at-once", 1, 1000),
            reader.Duration("kv-store.anti-entropy.timeout", least, TimeSpan.FromHours(1)),
            reader.Duration("kv-store.anti-entropy.reap-interval", least, most),
            reader.Duration("kv-store.anti-entropy.keeper-interval", least, most),
            new ExchangeOptions { SecondLookAfter = secondLook });
        if (reader.AreGood("kv-store.anti-entropy.timeout", "kv-store.anti-entropy.second-look") && settings.Timeout <= secondLook)
            reader.Mistake("kv-store.anti-entropy.timeout", $"{settings.Timeout} is no longer than second-look ({secondLook})");
        return settings;
    }
}
