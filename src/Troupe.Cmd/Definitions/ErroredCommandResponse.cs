namespace Petabridge.Cmd;

/// <summary>What went wrong: what happened, whether anything was changed, what to do next.</summary>
public class ErroredCommandResponse : CommandResponse
{
    public ErroredCommandResponse(string msg, bool final = true) : base(msg, final)
    {
    }
}
