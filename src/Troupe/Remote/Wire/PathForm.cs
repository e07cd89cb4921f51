namespace Akka.Remote.Wire;

/// <summary>
/// The forms in which a frame names an actor: the two low bits of a varint, the table's number above them; 0 is nobody.
/// </summary>
internal static class PathForm
{
    /// <summary>Defines the numbered entry as a parent; the child's name and uid follow.</summary>
    internal const int DefineAndChild = 0;
    internal const int Use = 1;
    internal const int Define = 2;
    internal const int Child = 3;

    internal const byte SenderRoot = 0;
    internal const byte ReceiverRoot = 1;
    internal const byte OtherRoot = 2;

    /// <summary>Bytes of one path's text, at most.</summary>
    internal const int MaxText = 16 * 1024;

    internal static ulong Tag(int number, int form) => (ulong)(number << 2 | form);
}
