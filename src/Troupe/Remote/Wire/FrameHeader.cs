namespace Akka.Remote.Wire;

/// <summary>What stands in front of every body: a little-endian length (of type and body), and the type.</summary>
internal static class FrameHeader
{
    internal const int LengthSize = 4;

    internal const int Size = LengthSize + 1;
}
