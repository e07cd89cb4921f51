using FsCheck;
using FsCheck.Fluent;
using Petabridge.Cmd.Protocol;

namespace Troupe.Cmd.Tests.Protocol;

/// <summary>Laws of the console's frames.</summary>
public sealed class ConsoleCodecProperties
{
    private const int Longest = ConsoleCodec.MaxFromHost;

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll(Messages(), message =>
    {
        var frame = ConsoleCodec.Write(message);
        Assert.True(ConsoleCodec.TryRead(frame, Longest, out var read, out var consumed));
        Assert.Equal(frame.Length, consumed);
        Assert.Equal(frame, ConsoleCodec.Write(read!));
        Assert.Equal(message.GetType(), read!.GetType());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_part_of_a_frame_is_not_whole_yet() => Prop.ForAll(Messages(), message =>
    {
        var frame = ConsoleCodec.Write(message);
        for (var length = 0; length < frame.Length; length++)
            Assert.False(ConsoleCodec.TryRead(frame.AsSpan(0, length), Longest, out _, out _));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_are_no_frame_are_refused_and_nothing_else_happens() => Prop.ForAll(
        Messages(), ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte>(),
        (message, at, value) =>
        {
            var frame = ConsoleCodec.Write(message);
            frame[(int)((uint)at % (uint)frame.Length)] = value;
            try
            {
                ConsoleCodec.TryRead(frame, Longest, out _, out _);
            }
            catch (ConsoleProtocolException refused)
            {
                Assert.NotEqual("", refused.Message);
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>The messages of every kind, with their texts and lists of any size that fits.</summary>
    private static Arbitrary<ConsoleMessage> Messages()
    {
        var text = ArbMap.Default.GeneratorFor<string?>().Select(given => new string([.. (given ?? "").Where(letter => !char.IsSurrogate(letter))]));
        var texts = text.ListOf().Select(list => (IReadOnlyList<string>)[.. list.Take(3)]);
        var flag = ArbMap.Default.GeneratorFor<bool>();
        var argument = from name in text from switches in texts from must in flag from many in flag from suggestions in texts
                       select new ShownArgument(name, name + "?", switches, must, many, name, suggestions);
        var command = from name in text from arguments in argument.ListOf()
                      select new ShownCommand(name, name + "!", [.. arguments.Take(3)]);
        var palette = from name in text from commands in command.ListOf() select new ShownPalette(name, [.. commands.Take(3)]);
        return Gen.OneOf(
            text.Select(password => (ConsoleMessage)new ConsoleMessage.Hello(1, password)),
            from host in text from palettes in palette.ListOf() select (ConsoleMessage)new ConsoleMessage.Welcome(1, host, [.. palettes.Take(3)]),
            text.Select(why => (ConsoleMessage)new ConsoleMessage.Refused(why)),
            text.Select(line => (ConsoleMessage)new ConsoleMessage.Run(line)),
            text.Select(line => (ConsoleMessage)new ConsoleMessage.Output(line)),
            from failed in flag from line in text select (ConsoleMessage)new ConsoleMessage.End(failed, line),
            Gen.Constant((ConsoleMessage)new ConsoleMessage.Cancel())).ToArbitrary();
    }
}
