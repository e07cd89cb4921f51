using Petabridge.Cmd;

namespace KvStore.Server.Palettes;

/// <summary>Palette <c>kv</c>: what the HTTP door answers, and the changes of the ring that it takes, at the console.</summary>
internal static class KvCommands
{
    public static readonly CommandDefinition Status = Plain("status", "This node: id, address, ring epoch, data, and whom it can reach.");

    public static readonly CommandDefinition Ring = new CommandDefinitionBuilder()
        .WithName("ring").WithDescription("Who is in the ring and owns how much of it, and what is staged on this node.")
        .WithArgument(b => b.WithName("partitions").WithDescription("who owns each partition, and how far it has moved").IsMandatory(false)
            .WithSwitch("-p").WithSwitch("--partitions"))
        .Build();

    public static readonly CommandDefinition Locate = WithKey("locate", "Where a key is: its partition, its primaries and who may stand in for them.");

    public static readonly CommandDefinition Explain = WithKey("explain", "What each node holds of a key, asked one by one; changes nothing.");

    public static readonly CommandDefinition Transfers = Plain("transfers", "Which partitions are on their way to this node and from it.");

    public static readonly CommandDefinition Hints = Plain("hints", "What this node keeps for others that are away.");

    public static readonly CommandDefinition AntiEntropy = Plain("anti-entropy", "How far this node is with comparing its partitions with their other owners.");

    public static readonly CommandDefinition Repair = Plain("repair", "Compare all of this node's partitions with their other owners now.");

    public static readonly CommandDefinition Links = Plain("links", "What went between this node and the others.");

    public static readonly CommandDefinition Buckets = Plain("buckets", "The buckets there are, with their numbers.");

    public static readonly CommandDefinition Leave = WithNode("leave", "Stage that a living node hands everything over and goes.");

    public static readonly CommandDefinition Remove = WithNode("remove", "Stage that a node which is lost for good goes; the others fill in for it.");

    public static readonly CommandDefinition Replace = new CommandDefinitionBuilder()
        .WithName("replace").WithDescription("Stage that a node which has asked to join takes exactly a lost one's place.")
        .WithArgument(b => b.WithName("node").WithDescription("the lost one: its id, or four or more digits of it").IsMandatory(true)
            .WithSwitch("-n").WithSwitch("--node"))
        .WithArgument(b => b.WithName("by").WithDescription("the new one: its id, or four or more digits of it").IsMandatory(true)
            .WithSwitch("-b").WithSwitch("--by"))
        .Build();

    public static readonly CommandDefinition Plan = new CommandDefinitionBuilder()
        .WithName("plan").WithDescription("What the changes staged on this node would move, and what is at risk.")
        .WithArgument(b => b.WithName("moves").WithDescription("every partition that moves").IsMandatory(false).WithSwitch("-m").WithSwitch("--moves"))
        .Build();

    public static readonly CommandDefinition Commit = new CommandDefinitionBuilder()
        .WithName("commit").WithDescription("Begin the change that 'kv plan' has shown here.")
        .WithArgument(b => b.WithName("accept-risk").WithDescription("also where the plan says that acknowledged writes may be lost").IsMandatory(false)
            .WithSwitch("--accept-risk"))
        .Build();

    public static readonly CommandDefinition Cancel = Plain("cancel", "Call off a change whose new owners serve nothing yet.");

    public static readonly CommandDefinition Clear = Plain("clear", "Forget what is staged on this node, before it is committed.");

    public static readonly CommandPalette Palette = new("kv",
    [
        Status, Ring, Locate, Explain, Transfers, Hints, AntiEntropy, Repair, Links, Buckets, Leave, Remove, Replace, Plan, Commit, Cancel, Clear,
    ]);

    private static CommandDefinition Plain(string name, string description) =>
        new CommandDefinitionBuilder().WithName(name).WithDescription(description).Build();

    private static CommandDefinition WithKey(string name, string description) => new CommandDefinitionBuilder()
        .WithName(name).WithDescription(description)
        .WithArgument(b => b.WithName("key").WithDescription("the key, as text").IsMandatory(false).WithSwitch("-k").WithSwitch("--key"))
        .WithArgument(b => b.WithName("hex").WithDescription("the key's bytes in hexadecimal").IsMandatory(false).WithSwitch("-x").WithSwitch("--hex"))
        .WithArgument(b => b.WithName("bucket").WithDescription("the key's bucket").IsMandatory(false).WithSwitch("-b").WithSwitch("--bucket"))
        .Build();

    private static CommandDefinition WithNode(string name, string description) => new CommandDefinitionBuilder()
        .WithName(name).WithDescription(description)
        .WithArgument(b => b.WithName("node").WithDescription("its id, or four or more digits of it").IsMandatory(true).WithSwitch("-n").WithSwitch("--node"))
        .Build();
}
