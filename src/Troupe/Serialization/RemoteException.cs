namespace Akka.Serialization;

/// <summary>An exception that was thrown in another system: what is left of it is text.</summary>
internal sealed class RemoteException(string className, string message, string stack) : Exception(message)
{
    public string ClassName { get; } = className;

    public override string? StackTrace => stack;

    public override string ToString() => $"{ClassName}: {Message}{Environment.NewLine}{stack}";
}
