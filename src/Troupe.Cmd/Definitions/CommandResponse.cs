namespace Petabridge.Cmd;

/// <summary>A line of a command's answer. Any number that are not final, then a final one.</summary>
public class CommandResponse
{
    /// <summary>The end, without a line of its own.</summary>
    public static readonly CommandResponse Empty = new("");

    public CommandResponse(string msg, bool final = true) => (Msg, Final) = (msg, final);

    public bool Final { get; }

    public string Msg { get; }
}
