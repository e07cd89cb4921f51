namespace Akka.Event;

/// <summary>Writes each event as a line to the standard output; in colours only where they are asked for.</summary>
public class StandardOutLogger : MinimalLogger
{
    private static readonly Lock Gate = new();

    public static bool UseColors { get; set; }

    public static ConsoleColor DebugColor { get; set; } = ConsoleColor.Gray;

    public static ConsoleColor InfoColor { get; set; } = ConsoleColor.White;

    public static ConsoleColor WarningColor { get; set; } = ConsoleColor.Yellow;

    public static ConsoleColor ErrorColor { get; set; } = ConsoleColor.Red;

    protected override void Log(object message)
    {
        if (message is not LogEvent entry) return;
        var line = entry.ToString();
        if (!UseColors)
        {
            Console.Out.WriteLine(line);
            return;
        }

        lock (Gate)
        {
            Console.ForegroundColor = ColorOf(entry.LogLevel());
            Console.Out.WriteLine(line);
            Console.ResetColor();
        }
    }

    private static ConsoleColor ColorOf(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => DebugColor,
        LogLevel.InfoLevel => InfoColor,
        LogLevel.WarningLevel => WarningColor,
        _ => ErrorColor,
    };
}
