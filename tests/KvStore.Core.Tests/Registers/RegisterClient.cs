using System.Buffers.Binary;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Core.Tests.Checking;

namespace KvStore.Core.Tests.Registers;

/// <summary>A client of a <see cref="RegisterWorld"/>: one operation after the other, retried under its request id when unknown.</summary>
internal sealed class RegisterClient(RegisterWorld world, NodeId door, int operations)
{
    private static long _values;
    private int _left = operations;
    private long _invoked;
    private long _lastSeen;
    private RegisterCommand _command = new RegisterCommand.Get();
    private long _argument;
    private long _expected;
    private RequestId _request;
    private int _tries;
    private bool _pending;
    private bool _mayBeApplied;

    public bool IsFinished => _left == 0 && !_pending;

    public void Next()
    {
        if (_left == 0)
            return;
        _left--;
        _pending = true;
        _tries = 0;
        _mayBeApplied = false;
        _request = world.NewRequest();
        _invoked = world.Tick();
        _argument = Interlocked.Increment(ref _values);
        _expected = _lastSeen;
        _command = world.Random.Next(5) switch
        {
            0 or 1 => new RegisterCommand.Get(),
            2 => new RegisterCommand.Put(Bytes(_argument)),
            3 => new RegisterCommand.Delete(),
            _ => new RegisterCommand.CompareAndSet(
                _expected == 0 ? new RegisterExpectation.IsAbsent() : new RegisterExpectation.HasData(Bytes(_expected)),
                Bytes(_argument)),
        };
        Try();
    }

    /// <summary>Everything else has come to rest: an operation whose messages and timers are all lost would wait for ever.</summary>
    public void Wake()
    {
        if (_pending)
            OnReply(new RegisterOutcome.Unknown(RegisterFailure.NoMajority), _tries);
    }

    /// <summary>The run is over: what is pending has an unknown outcome.</summary>
    public void GiveUp()
    {
        if (_pending)
            Record(RegisterCall.Never, null);
    }

    private void Try()
    {
        var attempt = ++_tries;
        var operation = world.Operation(door, _command, _request, _mayBeApplied);
        var effects = new List<RegisterEffect>();
        operation.Start(TimeSpan.Zero, effects);
        world.Perform(door, operation, effects, outcome => OnReply(outcome, attempt));
    }

    private void OnReply(RegisterOutcome outcome, int attempt)
    {
        if (!_pending || attempt != _tries)
            return;
        _mayBeApplied |= outcome is RegisterOutcome.Unknown;
        if (outcome is RegisterOutcome.Unknown or RegisterOutcome.NotDone && _tries < 5)
        {
            world.Later(Try);
            _tries++;
            return;
        }

        if (outcome is RegisterOutcome.Done or RegisterOutcome.Mismatch)
            Record(world.Tick(), outcome);
        else if (_tries > 1 || outcome is RegisterOutcome.Unknown)
            Record(RegisterCall.Never, null);
        _pending = false;
        world.Later(Next);
    }

    private void Record(long returned, RegisterOutcome? outcome)
    {
        // After an attempt whose end is not known, what is met may be what that one has left: then a mismatch says nothing of the change.
        if (outcome is RegisterOutcome.Mismatch mismatch && !_mayBeApplied)
            world.History.Add(RegisterCall.Read(_invoked, returned, _lastSeen = Number(mismatch.Value)));
        else if (_command is RegisterCommand.Put)
            world.History.Add(RegisterCall.Write(_invoked, returned, _argument));
        else if (_command is RegisterCommand.Delete)
            world.History.Add(RegisterCall.Write(_invoked, returned, 0));
        else if (_command is RegisterCommand.CompareAndSet)
            world.History.Add(RegisterCall.Swap(_invoked, outcome is RegisterOutcome.Mismatch ? RegisterCall.Never : returned, _expected, _argument));
        else if (outcome is RegisterOutcome.Done done)
            world.History.Add(RegisterCall.Read(_invoked, returned, _lastSeen = Number(done.Value)));
    }

    private static byte[] Bytes(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static long Number(RegisterValue value) =>
        value.Data is { } data ? BinaryPrimitives.ReadInt64BigEndian(data.Span) : 0;
}
