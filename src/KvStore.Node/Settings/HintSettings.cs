using KvStore.Core.Hints;

namespace KvStore.Node.Settings;

/// <summary>Section <c>kv-store.hints</c>.</summary>
/// <param name="Keeping">What is kept for others, and how fast it goes to them.</param>
/// <param name="Taking">How fast this node takes in what was kept for it.</param>
public sealed record HintSettings(HintOptions Keeping, HintAdmissionOptions Taking)
{
    private const long LargestStore = 1L << 50;
    private const long LargestRate = 1L << 40;

    internal static HintSettings Read(SettingsReader reader)
    {
        var keeping = new HintOptions
        {
            Window = reader.Duration("kv-store.hints.window", TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            MaxBytes = reader.Bytes("kv-store.hints.max-bytes", 0, LargestStore),
            MaxHints = reader.Int("kv-store.hints.max-hints", 0, 100_000_000),
            MaxInFlight = reader.Int("kv-store.hints.in-flight", 1, 100_000),
            MaxAsk = reader.Int("kv-store.hints.at-once", 1, 10_000),
        };
        var taking = new HintAdmissionOptions
        {
            StartRate = reader.Bytes("kv-store.hints.start-rate", 1, LargestRate),
            MinRate = reader.Bytes("kv-store.hints.min-rate", 1, LargestRate),
            MaxRate = reader.Bytes("kv-store.hints.max-rate", 1, LargestRate),
        };
        if (!reader.AreGood("kv-store.hints.min-rate", "kv-store.hints.start-rate", "kv-store.hints.max-rate"))
            return new HintSettings(keeping, taking);
        if (taking.MinRate > taking.StartRate || taking.StartRate > taking.MaxRate)
            reader.Mistake("kv-store.hints.start-rate", $"is {taking.StartRate}; it lies between min-rate and max-rate");
        return new HintSettings(keeping, taking);
    }
}
