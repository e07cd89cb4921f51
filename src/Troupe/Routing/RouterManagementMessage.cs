namespace Akka.Routing;

/// <summary>For the router itself, not for its routees.</summary>
public abstract class RouterManagementMessage;

/// <summary>Answered with <see cref="Routees"/>.</summary>
public sealed class GetRoutees : RouterManagementMessage
{
    public static GetRoutees Instance { get; } = new();
}

public sealed class AddRoutee(Routee routee) : RouterManagementMessage
{
    public Routee Routee { get; } = routee;
}

/// <summary>A pool also stops the routee.</summary>
public sealed class RemoveRoutee(Routee routee) : RouterManagementMessage
{
    public Routee Routee { get; } = routee;
}

/// <summary>A pool starts so many routees more, or stops so many.</summary>
public sealed class AdjustPoolSize(int change) : RouterManagementMessage
{
    public int Change { get; } = change;
}

/// <summary>The routees at the time of the answer.</summary>
public sealed class Routees(IEnumerable<Routee> routees)
{
    public IEnumerable<Routee> Members { get; } = routees;
}

public static class RouterMessage
{
    public static readonly GetRoutees GetRoutees = Routing.GetRoutees.Instance;
}
