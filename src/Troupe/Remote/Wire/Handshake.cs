using System.Buffers.Binary;
using System.Text;
using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>The dialler's introduction: who calls, and whom it believes to call.</summary>
/// <param name="Attempt">Rises with every connection of this caller: a late one never displaces a newer one.</param>
/// <param name="MaxFrame">The longest frame the sender of this accepts, in bytes.</param>
internal sealed record Hello(Address From, int Uid, long Attempt, Address To, int MaxFrame);

/// <summary>The acceptor's answer.</summary>
/// <param name="LastSystem">The number of the last system message delivered from this caller's incarnation; 0 for none.</param>
internal sealed record Welcome(int Uid, int MaxFrame, ulong LastSystem);

/// <summary>A connection not let in.</summary>
internal sealed record Refusal(RefusalReason Reason, string Text);

/// <summary>
/// The first frames of a connection. The head of Hello (magic, version, runtime) never changes its form, so that any two
/// versions can tell each other apart by name.
/// </summary>
internal static class Handshake
{
    internal const int Version = 1;

    internal const string Runtime = "Troupe";

    /// <summary>No handshake frame is longer: all that a stranger can make us keep.</summary>
    internal const int MaxFrame = 2048;

    private const int MaxName = 255;
    private const int MaxText = 1024;

    private static ReadOnlySpan<byte> Magic => "TRP\x0D\x0A\x1A\x0A\0"u8;

    internal static void WriteHello(FrameBuffer target, Hello hello)
    {
        target.BeginFrame(FrameType.Hello);
        target.WriteBytes(Magic);
        target.WriteVarint(Version);
        target.WriteString(Runtime);
        WriteAddress(target, hello.From);
        WriteInt32(target, hello.Uid);
        target.WriteVarint((ulong)hello.Attempt);
        WriteAddress(target, hello.To);
        target.WriteVarint((ulong)hello.MaxFrame);
        target.EndFrame();
    }

    internal static void WriteWelcome(FrameBuffer target, Welcome welcome)
    {
        target.BeginFrame(FrameType.Welcome);
        WriteInt32(target, welcome.Uid);
        target.WriteVarint((ulong)welcome.MaxFrame);
        target.WriteVarint(welcome.LastSystem);
        target.EndFrame();
    }

    internal static void WriteRefusal(FrameBuffer target, Refusal refusal)
    {
        target.BeginFrame(FrameType.Refuse);
        target.WriteByte((byte)refusal.Reason);
        target.WriteString(refusal.Text.Length > MaxText / 4 ? refusal.Text[..(MaxText / 4)] : refusal.Text);
        target.EndFrame();
    }

    /// <summary>Reads the first frame of an accepted connection: a caller, or the reason why it is none.</summary>
    internal static Refusal? ReadHello(ReadOnlySpan<byte> frame, out Hello? hello)
    {
        hello = null;
        if (frame[0] != (byte)FrameType.Hello || !frame[1..].StartsWith(Magic))
            return new Refusal(RefusalReason.ForeignProtocol, $"the first frame is not a Troupe handshake but {Describe(frame)}");
        var reader = new FrameReader(frame[(1 + Magic.Length)..]);
        var version = reader.ReadVarint();
        var runtime = reader.ReadString(MaxName);
        if (runtime != Runtime)
            return new Refusal(RefusalReason.WrongRuntime,
                $"the caller runs on '{Printable(runtime)}', this system on '{Runtime}'");
        if (version != Version)
            return new Refusal(RefusalReason.WrongVersion,
                $"the caller speaks protocol version {version}, this system {Version}");
        hello = new Hello(ReadAddress(ref reader), reader.ReadInt32(), (long)(reader.ReadVarint() & long.MaxValue),
            ReadAddress(ref reader), reader.ReadSmall(int.MaxValue));
        return null;
    }

    internal static Welcome ReadWelcome(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        return new Welcome(reader.ReadInt32(), reader.ReadSmall(int.MaxValue), reader.ReadVarint());
    }

    internal static Refusal ReadRefusal(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        return new Refusal((RefusalReason)reader.ReadByte(), Printable(reader.ReadString(MaxText)));
    }

    /// <summary>What the first bytes of a stream look like, for the log.</summary>
    internal static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x16, 0x03]))
            return "a TLS hello (this port speaks plain TCP: is enable-ssl on at one side only?)";
        foreach (var verb in (ReadOnlySpan<string>)["GET ", "PUT ", "POST", "HEAD", "OPTI", "DELE", "PRI ", "CONN", "PATC"])
        {
            if (start.StartsWith(Encoding.ASCII.GetBytes(verb)))
                return "an HTTP request";
        }
        if (start.StartsWith("*"u8) || start.StartsWith("PING"u8))
            return "a Redis command";
        if (start.Length > 0 && start[0] == 0x12)
            return "Akka.NET's protocol (a cluster and its clients run on one runtime)";
        return "noise";
    }

    /// <summary>As <see cref="Describe"/>, for a stream that does not even begin with a plausible length.</summary>
    internal static string DescribeStream(ReadOnlySpan<byte> start) =>
        start.Length > FrameHeader.LengthSize && start[FrameHeader.LengthSize] == 0x12
            ? Describe(start[FrameHeader.LengthSize..])
            : Describe(start);

    /// <summary>Text from a stranger, safe to log.</summary>
    internal static string Printable(string text) =>
        string.Create(Math.Min(text.Length, MaxName), text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = char.IsControl(source[i]) ? '?' : source[i];
        });

    private static void WriteAddress(FrameBuffer target, Address address)
    {
        target.WriteString(address.Protocol);
        target.WriteString(address.System);
        target.WriteString(address.Host ?? "");
        target.WriteVarint((ulong)(address.Port ?? 0));
    }

    private static Address ReadAddress(ref FrameReader reader) =>
        new(reader.ReadString(MaxName), reader.ReadString(MaxName), reader.ReadString(MaxName), reader.ReadSmall(65536));

    private static void WriteInt32(FrameBuffer target, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        target.WriteBytes(bytes);
    }
}
