namespace Akka.TestKit;

/// <summary>
/// A predicate over messages of one type, for <see cref="TestKitBase.ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>.
/// </summary>
public class PredicateInfo
{
    private readonly Predicate<object> _holds;

    private PredicateInfo(Delegate predicate, Type type, Predicate<object> holds)
    {
        PredicateT = predicate;
        Type = type;
        _holds = holds;
    }

    public Delegate PredicateT { get; }

    public Type Type { get; }

    public static PredicateInfo Create<T>(Predicate<T> predicateT) =>
        new(predicateT, typeof(T), message => message is T typed && predicateT(typed));

    public override string ToString() => $"predicate over {Type.Name}";

    internal bool Holds(object message) => _holds(message);
}

public static class PredicateInfoFactory
{
    public static PredicateInfo CreatePredicateInfo<T>(this Predicate<T> predicateT) => PredicateInfo.Create(predicateT);
}
