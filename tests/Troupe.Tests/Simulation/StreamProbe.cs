using System.Text;
using Troupe.Platform;

namespace Troupe.Tests.Simulation;

/// <summary>The owner of one end of a stream: notes what it hears, and when.</summary>
internal sealed class StreamProbe(Func<TimeSpan> now) : IConnectionHandler
{
    private readonly StringBuilder _received = new();

    public IConnection Connection { get; set; } = null!;

    public string Received => _received.ToString();

    public TimeSpan LastReceived { get; private set; }

    public int Chunks { get; private set; }

    public bool IsClosed { get; private set; }

    public Exception? Cause { get; private set; }

    public int Completed { get; private set; }

    public List<Exception> WriteFailures { get; } = [];

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        Assert.False(IsClosed);
        Chunks++;
        LastReceived = now();
        _received.Append(Encoding.UTF8.GetString(bytes));
    }

    public void OnClosed(Exception? cause)
    {
        Assert.False(IsClosed);
        IsClosed = true;
        Cause = cause;
    }

    public void Write(string text) => Connection.Write(Encoding.UTF8.GetBytes(text), failure =>
    {
        Completed++;
        if (failure is not null) WriteFailures.Add(failure);
    });
}
