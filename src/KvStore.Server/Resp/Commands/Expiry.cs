using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>When a key goes: what EX, PX, EXAT and PXAT mean, in milliseconds since 1970 (UTC).</summary>
internal static class Expiry
{
    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static bool IsUnit(string word) => word is "EX" or "PX" or "EXAT" or "PXAT";

    /// <summary>Of an option and its number; of a command by its name, which an error mentions.</summary>
    public static Outcome<long> At(string unit, ReadOnlyMemory<byte> number, string command)
    {
        if (!Arguments.TryInteger(number, out var value)) return Problem.Wrong(Arguments.NotAnInteger.Text);
        var invalid = Problem.Wrong($"invalid expire time in '{command.ToLowerInvariant()}' command");
        if (value <= 0) return invalid;
        return TryAt(unit, value, out var at) ? at : invalid;
    }

    /// <summary>False when that time cannot be told.</summary>
    public static bool TryAt(string unit, long value, out long at)
    {
        const long second = 1000;
        var inSeconds = unit is "EX" or "EXAT";
        var isAbsolute = unit is "EXAT" or "PXAT";
        at = 0;
        if (inSeconds && value is > long.MaxValue / second or < long.MinValue / second) return false;
        at = inSeconds ? value * second : value;
        if (isAbsolute) return true;
        var now = Now;
        if (at > long.MaxValue - now) return false;
        at += now;
        return true;
    }
}
