using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Answers palette <c>uptime</c>.</summary>
internal sealed class UptimeHandler : CommandHandlerActor
{
    public UptimeHandler() : base(UptimePalette.Commands) => Process(UptimePalette.Show.Name, _ => Sender.Say(Lines()));

    private static IEnumerable<string> Lines()
    {
        var up = Context.System.Uptime;
        return
        [
            $"up {up.Days} d {up.Hours} h {up.Minutes} min {up.Seconds} s",
            $"process {Environment.ProcessId}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} CPUs",
            $"memory {Environment.WorkingSet} bytes, of these {GC.GetTotalMemory(false)} on the managed heap",
            string.Create(CultureInfo.InvariantCulture, $"CPU time {Environment.CpuUsage.TotalTime.TotalSeconds:F1} s"),
        ];
    }
}
