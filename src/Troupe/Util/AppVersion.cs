using System.Globalization;

namespace Akka.Util;

/// <summary>
/// The version of an application, as in "1.2.3" or "1.2.3-rc1": numbers are compared one by one, and a version with a suffix is
/// older than the same one without. What is not of that form is compared as text.
/// </summary>
public class AppVersion : IComparable<AppVersion>, IEquatable<AppVersion>
{
    public static readonly AppVersion Zero = new("0.0.0");

    private readonly int[] _numbers;
    private readonly string _rest;

    private AppVersion(string version)
    {
        Version = version;
        var cut = version.AsSpan().IndexOfAny('-', '+');
        var head = cut < 0 ? version : version[..cut];
        var parts = head.Split('.');
        var numbers = new int[Math.Max(3, parts.Length)];
        for (var i = 0; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                continue;
            (_numbers, _rest) = ([], version);
            return;
        }
        (_numbers, _rest) = (numbers, cut < 0 ? "" : version[(cut + 1)..]);
    }

    public string Version { get; }

    public static bool operator ==(AppVersion? first, AppVersion? second) => first?.Equals(second) ?? second is null;

    public static bool operator !=(AppVersion? first, AppVersion? second) => !(first == second);

    public static AppVersion Create(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return new AppVersion(version);
    }

    public int CompareTo(AppVersion? other)
    {
        if (other is null)
            return 1;
        if (_numbers.Length == 0 || other._numbers.Length == 0)
            return string.CompareOrdinal(Version, other.Version);
        for (var i = 0; i < Math.Max(_numbers.Length, other._numbers.Length); i++)
        {
            var order = NumberAt(i).CompareTo(other.NumberAt(i));
            if (order != 0)
                return order;
        }
        return (_rest.Length, other._rest.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => string.CompareOrdinal(_rest, other._rest),
        };
    }

    public bool Equals(AppVersion? other) => other is not null && Version == other.Version;

    public override bool Equals(object? obj) => Equals(obj as AppVersion);

    public override int GetHashCode() => StableHash.Of(Version);

    public override string ToString() => Version;

    private int NumberAt(int index) => index < _numbers.Length ? _numbers[index] : 0;
}
