using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes: a number and a unit.</summary>
internal static class HoconUnits
{
    private const string DurationHelp = "a duration such as 500ms, 10s, 5m, 2h, 1d";
    private const string SizeHelp = "a size such as 512b, 64KiB, 10MB (KiB is 1024, kB is 1000)";

    public static TimeSpan Duration(HoconValue value, string? path, bool allowInfinite)
    {
        var text = HoconConversions.Text(value, path);
        var help = allowInfinite ? DurationHelp + ", or infinite" : DurationHelp;
        if (allowInfinite && text == "infinite") return Timeout.InfiniteTimeSpan;
        if (!Split(text, out var number, out var unit) || TicksOf(unit) is not { } ticks)
            throw HoconConversions.Unexpected(value, path, help);
        var total = number * ticks;
        if (total > TimeSpan.MaxValue.Ticks) throw HoconConversions.Unexpected(value, path, "a duration of at most 10675199d");
        return TimeSpan.FromTicks((long)total);
    }

    public static long? ByteSize(HoconValue value, string? path)
    {
        if (value.Kind == HoconKind.Null) return null;
        var text = HoconConversions.Text(value, path);
        if (!Split(text, out var number, out var unit) || BytesOf(unit) is not { } bytes)
            throw HoconConversions.Unexpected(value, path, SizeHelp);
        if (number > long.MaxValue / bytes) throw HoconConversions.Unexpected(value, path, "a size below 8EiB");
        return (long)(number * bytes);
    }

    /// <summary>Splits "1.5 s" into 1.5 and "s". No sign: nothing that is measured here is negative.</summary>
    private static bool Split(string? text, out decimal number, out string unit)
    {
        (number, unit) = (0, "");
        if (text is null) return false;
        var trimmed = text.AsSpan().Trim();
        var digits = 0;
        while (digits < trimmed.Length && (char.IsAsciiDigit(trimmed[digits]) || trimmed[digits] == '.')) digits++;
        unit = trimmed[digits..].Trim().ToString();
        return digits > 0 && digits <= 28
            && decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number < 1e18m;
    }

    private static decimal? TicksOf(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01m,
        "us" or "\u00B5s" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };

    private static decimal? BytesOf(string unit) => unit switch
    {
        "" or "b" or "B" or "byte" or "bytes" => 1,
        "kB" or "kb" or "KB" or "kilobyte" or "kilobytes" => 1000,
        "MB" or "mb" or "megabyte" or "megabytes" => 1000_000,
        "GB" or "gb" or "gigabyte" or "gigabytes" => 1000_000_000,
        "TB" or "tb" or "terabyte" or "terabytes" => 1000_000_000_000,
        "PB" or "pb" or "petabyte" or "petabytes" => 1000_000_000_000_000,
        "EB" or "eb" or "exabyte" or "exabytes" => 1000_000_000_000_000_000,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
        "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
        _ => null,
    };
}
