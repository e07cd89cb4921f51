namespace Akka.Actor;

internal partial class ActorCell
{
    private Receive? _behavior;
    private Stack<Receive>? _stacked;

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        if (_behavior is not null) (_stacked ??= new Stack<Receive>()).Push(_behavior);
        _behavior = receive;
    }

    public void UnbecomeStacked()
    {
        if (_stacked is { Count: > 0 }) _behavior = _stacked.Pop();
    }

    public void Become(UntypedReceive receive) => Become(Handles(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handles(receive));

    private static Receive Handles(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void ClearBehaviors()
    {
        _behavior = null;
        _stacked = null;
    }
}
