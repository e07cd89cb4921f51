using System.Globalization;

namespace KvStore.Benchmarks;

/// <summary>`--name value` and `--flag` of one benchmark, against the list that its help prints.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    /// <param name="Value">What the value is called in the help; null for a flag.</param>
    internal sealed record Option(string Name, string? Value, string Default, string Summary);

    /// <summary>Null after a message on stderr, or after the help on stdout (then <paramref name="exitCode"/> is 0).</summary>
    internal static Options? Parse(string benchmark, Option[] known, string[] arguments, out int exitCode)
    {
        exitCode = 0;
        var options = new Options();
        foreach (var option in known)
            options._values[option.Name] = option.Default;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--help" or "-h")
            {
                Console.Out.Write(Help(benchmark, known));
                return null;
            }
            var option = known.FirstOrDefault(o => "--" + o.Name == arguments[i]);
            if (option is null || (option.Value is not null && i + 1 >= arguments.Length))
            {
                exitCode = 2;
                Console.Error.WriteLine(option is null
                    ? $"There is no option '{arguments[i]}'. Nothing was run."
                    : $"'{arguments[i]}' wants a {option.Value}. Nothing was run.");
                Console.Error.Write(Help(benchmark, known));
                return null;
            }
            options._values[option.Name] = option.Value is null ? "on" : arguments[++i];
        }
        return options;
    }

    internal bool Flag(string name) => _values[name] == "on";

    internal string Text(string name) => _values[name];

    internal int Number(string name, int least, int most) =>
        int.TryParse(_values[name], CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"--{name} must be a whole number from {least} to {most}, not '{_values[name]}'.");

    private static string Help(string benchmark, Option[] known) =>
        $"usage: ./kv bench {benchmark} [OPTIONS]\n" + string.Concat(known.Select(Line));

    private static string Line(Option option)
    {
        var left = $"--{option.Name}{(option.Value is null ? "" : " " + option.Value)}";
        return $"  {left,-22} {option.Summary}{(option.Value is null ? "" : $" [{option.Default}]")}\n";
    }
}

/// <summary>An option whose value cannot be used.</summary>
internal sealed class UsageException(string message) : Exception(message);
