namespace Akka.Actor;

public static class RelativeActorPath
{
    /// <summary>The elements of a relative or absolute path without an address; nothing when it has one.</summary>
    public static IEnumerable<string> Unapply(string addr) =>
        addr.Contains("://", StringComparison.Ordinal) ? [] : addr.Split('/');
}
