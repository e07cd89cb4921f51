using Akka.Remote.Wire;
using Troupe.Platform;

namespace Akka.Remote.Associations;

/// <summary>
/// What an accepted connection sends back. Acks are cumulative and heartbeat answers carry nothing, so that however slow the
/// line is, only the newest of each waits.
/// <para>Thread rule: any thread.</para>
/// </summary>
internal sealed class AnswerWriter(IConnection connection)
{
    private readonly Lock _gate = new();
    private readonly FrameBuffer _buffer = new();
    private Welcome? _welcome;
    private Refusal? _refusal;
    private ulong _ack;
    private bool _ackDue;
    private bool _heartbeatDue;
    private bool _writing;
    private bool _closeWhenWritten;

    internal void Welcome(Welcome welcome)
    {
        lock (_gate)
            _welcome = welcome;
        Pump();
    }

    internal void Acknowledge(ulong number)
    {
        lock (_gate)
            (_ack, _ackDue) = (number, true);
        Pump();
    }

    internal void AnswerHeartbeat()
    {
        lock (_gate)
            _heartbeatDue = true;
        Pump();
    }

    internal void RefuseAndClose(Refusal refusal)
    {
        lock (_gate)
            _refusal = refusal;
        Pump();
    }

    private void Pump()
    {
        ReadOnlyMemory<byte> bytes;
        lock (_gate)
        {
            if (_writing || _closeWhenWritten)
                return;
            Compose();
            if (_buffer.Count == 0)
                return;
            _writing = true;
            bytes = _buffer.Written;
        }
        connection.Write(bytes, OnWritten);
    }

    private void Compose()
    {
        if (_welcome is not null)
            Handshake.WriteWelcome(_buffer, _welcome);
        if (_ackDue)
        {
            _buffer.BeginFrame(FrameType.Ack);
            _buffer.WriteVarint(_ack);
            _buffer.EndFrame();
        }
        if (_heartbeatDue)
        {
            _buffer.BeginFrame(FrameType.HeartbeatAck);
            _buffer.EndFrame();
        }
        if (_refusal is not null)
        {
            Handshake.WriteRefusal(_buffer, _refusal);
            _closeWhenWritten = true;
        }
        (_welcome, _refusal, _ackDue, _heartbeatDue) = (null, null, false, false);
    }

    private void OnWritten(Exception? failure)
    {
        bool close;
        lock (_gate)
        {
            _writing = false;
            close = failure is not null || _closeWhenWritten;
            if (close)
                _buffer.Release();
            else
                _buffer.Clear();
        }
        if (close)
            connection.Close();
        else
            Pump();
    }
}
