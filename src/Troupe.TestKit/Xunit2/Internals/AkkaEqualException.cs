using System.Globalization;
using Xunit.Sdk;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Two values that should have been equal, with the test's own words.</summary>
public class AkkaEqualException : XunitException
{
    public AkkaEqualException(string format = "", params object[] args)
        : base(args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args))
    {
    }

    public static AkkaEqualException ForMismatchedValues(object? expected, object? actual, string? format = null, params object[] args)
    {
        var text = format is null ? "" : args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        return new AkkaEqualException($"Expected: {expected ?? "null"}, but was: {actual ?? "null"}.{(text.Length == 0 ? "" : " ")}{text.Trim()}");
    }
}
