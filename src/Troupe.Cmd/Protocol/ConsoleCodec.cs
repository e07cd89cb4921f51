using System.Buffers.Binary;
using System.Diagnostics;

namespace Petabridge.Cmd.Protocol;

/// <summary>
/// Messages as frames: <c>length:u32 kind:u8 body</c>, big-endian, where the length counts what follows it. Pure.
/// <para>Invariants: (1) a frame that is longer than its reader allows is refused by its length alone, before anything is kept for it;
/// (2) every count and length inside is checked against what is there; (3) what is left over in a frame is a mistake.</para>
/// </summary>
internal static class ConsoleCodec
{
    public const byte Version = 1;

    /// <summary>The longest frame that a host takes: a line of 16 KiB, and its length.</summary>
    public const int MaxFromClient = (16 << 10) + 16;

    /// <summary>The longest frame that a client takes; a host cuts a longer text.</summary>
    public const int MaxFromHost = 1 << 20;

    /// <summary>The longest text of one line of an answer, in characters: at most three bytes each.</summary>
    public const int MaxOutput = 256 << 10;

    private const int LengthSize = 4;

    public static byte[] Write(ConsoleMessage message)
    {
        var body = new FrameWriter();
        switch (message)
        {
            case ConsoleMessage.Hello hello:
                body.Byte(1).Byte(hello.Version).Text(hello.Password);
                break;
            case ConsoleMessage.Welcome welcome:
                body.Byte(2).Byte(welcome.Version).Text(welcome.Host).List(welcome.Palettes, WritePalette);
                break;
            case ConsoleMessage.Refused refused:
                body.Byte(3).Text(refused.Why);
                break;
            case ConsoleMessage.Run run:
                body.Byte(4).Text(run.Line);
                break;
            case ConsoleMessage.Output output:
                body.Byte(5).Text(output.Text);
                break;
            case ConsoleMessage.End end:
                body.Byte(6).Flag(end.HasFailed).Text(end.Text);
                break;
            case ConsoleMessage.Cancel:
                body.Byte(7);
                break;
            default:
                throw new UnreachableException();
        }
        return body.ToFrame();
    }

    /// <summary>The first message of what has come; false when it is not whole yet.</summary>
    /// <param name="longest">Of a frame, its length excluded.</param>
    /// <param name="consumed">How many bytes it took.</param>
    /// <exception cref="ConsoleProtocolException">This is no frame, and nothing after it can be read.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int longest, out ConsoleMessage? message, out int consumed)
    {
        (message, consumed) = (null, 0);
        if (bytes.Length < LengthSize) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (length == 0 || length > (uint)longest) throw new ConsoleProtocolException($"a frame of {length} bytes, where 1 to {longest} are possible");
        if (bytes.Length - LengthSize < length) return false;
        var body = new FrameReader(bytes.Slice(LengthSize, (int)length));
        message = Read(ref body);
        body.MustBeAtEnd();
        consumed = LengthSize + (int)length;
        return true;
    }

    private static ConsoleMessage Read(ref FrameReader body) => body.Byte() switch
    {
        1 => new ConsoleMessage.Hello(body.Byte(), body.Text()),
        2 => new ConsoleMessage.Welcome(body.Byte(), body.Text(), body.List(ReadPalette)),
        3 => new ConsoleMessage.Refused(body.Text()),
        4 => new ConsoleMessage.Run(body.Text()),
        5 => new ConsoleMessage.Output(body.Text()),
        6 => new ConsoleMessage.End(body.Flag(), body.Text()),
        7 => new ConsoleMessage.Cancel(),
        var kind => throw new ConsoleProtocolException($"a frame of kind {kind}, which there is not"),
    };

    private static void WritePalette(FrameWriter body, ShownPalette palette) => body.Text(palette.Name).List(palette.Commands, WriteCommand);

    private static ShownPalette ReadPalette(ref FrameReader body) => new(body.Text(), body.List(ReadCommand));

    private static void WriteCommand(FrameWriter body, ShownCommand command) =>
        body.Text(command.Name).Text(command.Description).List(command.Arguments, WriteArgument);

    private static ShownCommand ReadCommand(ref FrameReader body) => new(body.Text(), body.Text(), body.List(ReadArgument));

    private static void WriteArgument(FrameWriter body, ShownArgument argument) => body
        .Text(argument.Name).Text(argument.Description).List(argument.Switches, WriteText)
        .Flag(argument.IsMandatory).Flag(argument.AllowsMultiple).Text(argument.Default).List(argument.Suggestions, WriteText);

    private static ShownArgument ReadArgument(ref FrameReader body) => new(
        body.Text(), body.Text(), body.List(ReadText), body.Flag(), body.Flag(), body.Text(), body.List(ReadText));

    private static void WriteText(FrameWriter body, string text) => body.Text(text);

    private static string ReadText(ref FrameReader body) => body.Text();
}
