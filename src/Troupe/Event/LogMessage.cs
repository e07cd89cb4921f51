namespace Akka.Event;

/// <summary>A template and its arguments; the text is made when somebody wants it.</summary>
public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; }

    /// <summary>The template and the arguments as they are.</summary>
    public abstract string Unformatted();

    public abstract IEnumerable<object> Parameters();
}

internal sealed class TemplateMessage(ILogMessageFormatter formatter, string format, object?[] arguments)
    : LogMessage(formatter, format)
{
    private string? _text;

    public override string Unformatted() => $"{Format} [{string.Join(", ", arguments)}]";

    public override IEnumerable<object> Parameters() => arguments!;

    public override string ToString() => _text ??= Formatter.Format(Format, arguments!);
}
