using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Akka.Actor;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// The second process of the measurements between two: this executable again. It says on its first line where it listens, and
/// ends when its input ends, so that it cannot outlive who started it.
/// </summary>
internal sealed class RoundTripPeer : IDisposable
{
    internal const string Command = "actors-peer";

    private readonly Process _process;

    private RoundTripPeer(Process process, string endpoint) => (_process, Endpoint) = (process, endpoint);

    /// <summary>An actor's path, or host:port.</summary>
    internal string Endpoint { get; }

    /// <summary>What the second process has spent so far.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="kind">`actor` or `socket`.</param>
    internal static RoundTripPeer Start(string kind)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(kind);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The second process could not be started.");
        var endpoint = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The second process ended before it listened; its error is above.");
        return new RoundTripPeer(process, endpoint);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(15)))
            _process.Kill();
        _process.Dispose();
    }

    internal static int Run(string[] arguments)
    {
        if (arguments is ["socket"])
            ServeSocket();
        else
            ServeActor();
        return 0;
    }

    private static void ServeActor()
    {
        var system = RemoteSystem.Start("peer");
        var echo = system.ActorOf(Props.Create(() => new EchoActor()), "echo");
        Console.Out.WriteLine(echo.Path.ToStringWithAddress(RemoteSystem.AddressOf(system)));
        Console.In.ReadToEnd();
        system.Terminate().Wait(TimeSpan.FromSeconds(10));
    }

    private static void ServeSocket()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.Out.WriteLine(listener.LocalEndPoint);
        _ = BareSocket.Serve(listener);
        Console.In.ReadToEnd();
    }

    private sealed class EchoActor : ReceiveActor
    {
        public EchoActor() => Receive<Payload>(payload => Sender.Tell(payload));
    }
}
