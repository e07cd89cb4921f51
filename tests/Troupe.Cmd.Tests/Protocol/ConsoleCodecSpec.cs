using Petabridge.Cmd.Protocol;

namespace Troupe.Cmd.Tests.Protocol;

/// <summary>The bytes of docs/formats/console.md.</summary>
public sealed class ConsoleCodecSpec
{
    [Theory]
    [InlineData("00000008" + "01" + "01" + "00000002" + "7077", "hello pw")]
    [InlineData("00000007" + "03" + "00000002" + "6e6f", "refused no")]
    [InlineData("00000007" + "04" + "00000002" + "6c73", "run ls")]
    [InlineData("00000007" + "05" + "00000002" + "c3bc", "output ü")]
    [InlineData("00000006" + "06" + "01" + "00000000", "end failed")]
    [InlineData("00000001" + "07", "cancel")]
    [InlineData("00000033" + "02" + "01" + "00000001" + "68" + "0001" + "00000001" + "70" + "0001" + "00000001" + "63" + "00000000"
        + "0001" + "00000000" + "00000000" + "0001" + "00000002" + "2d78" + "01" + "00" + "00000000" + "0000", "welcome")]
    public void A_frame_has_these_bytes(string hex, string what)
    {
        ConsoleMessage message = what switch
        {
            "hello pw" => new ConsoleMessage.Hello(1, "pw"),
            "refused no" => new ConsoleMessage.Refused("no"),
            "run ls" => new ConsoleMessage.Run("ls"),
            "output ü" => new ConsoleMessage.Output("ü"),
            "end failed" => new ConsoleMessage.End(true, ""),
            "cancel" => new ConsoleMessage.Cancel(),
            _ => new ConsoleMessage.Welcome(1, "h", [new("p", [new("c", "", [new("", "", ["-x"], true, false, "", [])])])]),
        };
        Assert.Equal(hex, Convert.ToHexStringLower(ConsoleCodec.Write(message)));
    }

    [Theory]
    [InlineData("47455420", "a frame of 1195725856 bytes")]
    [InlineData("00000000", "a frame of 0 bytes")]
    [InlineData("0000000109", "kind 9")]
    [InlineData("000000020700", "1 bytes too many")]
    [InlineData("000000050400000001", "ends too early")]
    [InlineData("0000000604000000" + "01ff", "not UTF-8")]
    [InlineData("00000006" + "06" + "02" + "00000000", "where 0 or 1 stands")]
    public void What_is_no_frame_is_refused_with_a_reason(string hex, string words)
    {
        var refused = Assert.Throws<ConsoleProtocolException>(
            () => ConsoleCodec.TryRead(Convert.FromHexString(hex), ConsoleCodec.MaxFromClient, out _, out _));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
