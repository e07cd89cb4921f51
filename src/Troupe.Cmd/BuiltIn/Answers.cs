using Akka.Actor;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Answers of several lines.</summary>
internal static class Answers
{
    /// <summary>These lines, and the end.</summary>
    public static void Say(this IActorRef whoAsked, IEnumerable<string> lines)
    {
        foreach (var line in lines) whoAsked.Tell(new CommandResponse(line, final: false));
        whoAsked.Tell(CommandResponse.Empty);
    }

    /// <summary>This line, which is all.</summary>
    public static void Say(this IActorRef whoAsked, string line) => whoAsked.Tell(new CommandResponse(line));

    public static void Refuse(this IActorRef whoAsked, string why) => whoAsked.Tell(new ErroredCommandResponse(why));
}
