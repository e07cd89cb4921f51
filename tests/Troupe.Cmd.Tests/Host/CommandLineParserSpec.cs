using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace Troupe.Cmd.Tests.Host;

/// <summary>What a typed line becomes.</summary>
public sealed class CommandLineParserSpec
{
    private static readonly CommandPalette Palette = new("shop",
    [
        new CommandDefinitionBuilder().WithName("buy").WithDescription("Buys.")
            .WithArgument(b => b.WithName("what").WithDescription("what to buy").IsMandatory(true).AllowMultiple(true).WithSwitch("-w").WithSwitch("--what"))
            .WithArgument(b => b.WithName("count").WithDescription("how many").WithSwitch("-n").WithDefaultValue("1"))
            .WithArgument(b => b.WithName("quick").WithDescription("at once").WithSwitch("--quick"))
            .Build(),
        new CommandDefinitionBuilder().WithName("list").WithDescription("Lists.").Build(),
    ]);

    [Theory]
    [InlineData("shop list", "list")]
    [InlineData("shop buy -w tea", "buy -w=tea")]
    [InlineData("shop buy --quick -w tea --what \"green tea\" -n 2", "buy --quick= -w=tea --what=green tea -n=2")]
    [InlineData("shop buy -w -5", "buy -w=-5")]
    public void A_line_becomes_a_command_with_each_switch_and_its_value(string line, string expected)
    {
        var (command, _) = CommandLineParser.Parse(line, [Palette]);
        Assert.Equal(expected, string.Join(' ', command!.Arguments.Select(one => $"{one.Item1}={one.Item2}").Prepend(command.Name)));
    }

    [Theory]
    [InlineData("", "There is no command. Nothing was done; 'help' lists what there is.")]
    [InlineData("shp list", "There is no palette 'shp'. Nothing was done; there are shop.")]
    [InlineData("shop", "'shop' wants a command after it. Nothing was done; there are buy, list.")]
    [InlineData("shop sell", "There is no command 'shop sell'. Nothing was done; there are buy, list.")]
    [InlineData("shop list -x", "'-x' is no switch of 'shop list'. Nothing was done; it takes none.")]
    [InlineData("shop buy tea", "'tea' is no switch of 'shop buy'. Nothing was done; it takes -w, -n, --quick.")]
    [InlineData("shop buy -n 2", "'shop buy' wants -w (what to buy). Nothing was done.")]
    [InlineData("shop buy -w tea -n 1 -n 2", "'shop buy' takes -n once. Nothing was done.")]
    [InlineData("shop buy -w \"tea", "A quote is not closed, or the line ends with a backslash. Nothing was done.")]
    public void A_line_that_is_no_command_is_told_why_and_what_would_be(string line, string wrong) =>
        Assert.Equal((null, wrong), CommandLineParser.Parse(line, [Palette]));

    [Fact]
    public void Two_commands_or_switches_of_one_name_are_a_mistake_of_the_programmer()
    {
        var list = new CommandDefinitionBuilder().WithName("list").Build();
        Assert.Throws<ArgumentException>(() => new CommandPalette("shop", [list, list]));
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("a")
            .WithArgument(b => b.WithName("x").WithSwitch("-x")).WithArgument(b => b.WithName("y").WithSwitch("-x")));
        Assert.Throws<ArgumentException>(() => new CommandDefinitionBuilder().WithName("two words").Build());
    }
}
