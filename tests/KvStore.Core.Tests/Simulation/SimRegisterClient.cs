using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Core.Tests.Checking;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A client of the strong key: one operation after the other, each through some node, retried under its request id when its fate is
/// not known. What it saw goes into the history that is judged for linearizability.
/// </summary>
internal sealed class SimRegisterClient(SimWorld world, ulong session, TimeSpan end)
{
    private ulong _sequence;
    private long _lastSeen;
    private bool _mayBeApplied;
    private (RegisterCommand Command, RequestId Request, long Invoked, long Expected, long Argument)? _pending;

    public void Start() => world.After(Pause(), Next);

    /// <summary>Reads once more when everything has healed: that must succeed.</summary>
    public void FinalRead()
    {
        GiveUp();
        Begin(new RegisterCommand.Get(), 0, 0, final: true);
    }

    /// <summary>The run is over: what is pending has an unknown outcome.</summary>
    public void GiveUp()
    {
        if (_pending is not null)
            Record(null);
    }

    private TimeSpan Pause() => world.Milliseconds(0, 6_000);

    private void Next()
    {
        if (world.Now >= end)
            return;
        var argument = world.Tick();
        var expected = _lastSeen;
        RegisterCommand command = world.Random.Next(4) switch
        {
            0 or 1 => new RegisterCommand.Get(),
            2 => new RegisterCommand.Put(BitConverter.GetBytes(argument)),
            _ => new RegisterCommand.CompareAndSet(
                expected == 0 ? new RegisterExpectation.IsAbsent() : new RegisterExpectation.HasData(BitConverter.GetBytes(expected)),
                BitConverter.GetBytes(argument)),
        };
        Begin(command, expected, argument, final: false);
    }

    private void Begin(RegisterCommand command, long expected, long argument, bool final)
    {
        _mayBeApplied = false;
        _pending = (command, new RequestId(session, ++_sequence), world.Tick(), expected, argument);
        Try(tries: 1, final);
    }

    private void Try(int tries, bool final)
    {
        var request = _pending!.Value.Request;
        var answered = false;
        void Reply(RegisterOutcome? outcome)
        {
            if (answered || _pending?.Request != request)
                return;
            answered = true;
            _mayBeApplied |= outcome is null or RegisterOutcome.Unknown;
            if (outcome is RegisterOutcome.Done or RegisterOutcome.Mismatch)
                Record(outcome);
            else if (tries < 4)
                world.After(world.Milliseconds(50, 500), () => Retry(request, tries + 1, final));
            else
                Record(null);
            if (final && tries == 4 && outcome is not RegisterOutcome.Done)
                world.History.Violations.Add($"I4: the strong key cannot be read at the end: {outcome}");
            if (_pending is null && !final)
                world.After(Pause(), Next);
        }

        var up = world.Nodes.Where(node => node.IsUp).ToArray();
        if (up.Length > 0)
        {
            up[world.Random.Next(up.Length)].Registers.Propose(
                _pending.Value.Command, request, outcome => world.After(world.Milliseconds(1, 20), () => Reply(outcome)), _mayBeApplied);
        }

        world.After(TimeSpan.FromSeconds(6), () => Reply(null));
    }

    private void Retry(RequestId request, int tries, bool final)
    {
        if (_pending?.Request == request)
            Try(tries, final);
    }

    private void Record(RegisterOutcome? outcome)
    {
        var (command, _, invoked, expected, argument) = _pending!.Value;
        _pending = null;
        var returned = outcome is null ? RegisterCall.Never : world.Tick();
        // After an attempt whose end is not known, what is met may be what that one has left: then a mismatch says nothing of the change.
        if (outcome is RegisterOutcome.Mismatch && _mayBeApplied)
            returned = RegisterCall.Never;
        if (outcome is RegisterOutcome.Mismatch mismatch && !_mayBeApplied)
            world.History.Registers.Add(RegisterCall.Read(invoked, returned, _lastSeen = Number(mismatch.Value)));
        else if (command is RegisterCommand.Put)
            world.History.Registers.Add(RegisterCall.Write(invoked, returned, argument));
        else if (command is RegisterCommand.CompareAndSet)
            world.History.Registers.Add(RegisterCall.Swap(invoked, returned, expected, argument));
        else if (outcome is RegisterOutcome.Done done)
            world.History.Registers.Add(RegisterCall.Read(invoked, returned, _lastSeen = Number(done.Value)));
    }

    private static long Number(RegisterValue value) => value.Data is { } data ? BitConverter.ToInt64(data.Span) : 0;
}
