namespace KvStore.Server.Tests;

public sealed class ServerArgumentsSpec
{
    [Fact]
    public void Arguments_come_in_any_order_and_a_setting_more_than_once()
    {
        var arguments = ServerArguments.Parse(["--set", "a.b=1", "--init", "--config", "n.conf", "--set", "a.c=2"])!;
        Assert.Equal(("n.conf", true), (arguments.ConfigFile, arguments.Init));
        Assert.Equal(["a.b=1", "a.c=2"], arguments.Given);
    }

    [Fact]
    public void Without_arguments_everything_comes_from_the_environment() => Assert.Null(ServerArguments.Parse([])!.ConfigFile);

    [Fact]
    public void Who_is_lost_is_said_only_where_a_ring_is_to_be_recovered()
    {
        var arguments = ServerArguments.Parse(["--recover", "--lost", "a", "--lost", "b", "--confirmed"])!;
        Assert.Equal((true, true, "a b"), (arguments.Recover, arguments.IsConfirmed, string.Join(' ', arguments.Lost)));
        Assert.Null(ServerArguments.Parse(["--lost", "a"]));
        Assert.Null(ServerArguments.Parse(["--confirmed"]));
    }

    [Theory]
    [InlineData("n.conf")]
    [InlineData("--config")]
    [InlineData("--set")]
    [InlineData("--init", "--init")]
    [InlineData("--config", "a.conf", "--config", "b.conf")]
    public void Anything_else_is_no_command_line(params string[] arguments) => Assert.Null(ServerArguments.Parse(arguments));
}
