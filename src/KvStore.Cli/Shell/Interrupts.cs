namespace KvStore.Cli.Shell;

/// <summary>While it lives, Ctrl-C calls off what runs; where nothing does it ends the process as usual.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Func<bool> _callOff;

    public Interrupts(Func<bool> callOff)
    {
        _callOff = callOff;
        Console.CancelKeyPress += OnInterrupt;
    }

    public void Dispose() => Console.CancelKeyPress -= OnInterrupt;

    private void OnInterrupt(object? sender, ConsoleCancelEventArgs interrupt)
    {
        interrupt.Cancel = _callOff();
    }
}
