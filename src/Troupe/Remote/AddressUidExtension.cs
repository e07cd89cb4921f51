using Akka.Actor;

namespace Akka.Remote;

/// <summary>
/// The number of this incarnation of an actor system: drawn at its start, unlike that of the one before at the same address.
/// </summary>
public class AddressUid : IExtension
{
    public readonly int Uid;

    public AddressUid() : this(0)
    {
    }

    internal AddressUid(int uid) => Uid = uid;
}

/// <summary>Gives a system its <see cref="AddressUid"/>.</summary>
public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    public override AddressUid CreateExtension(ExtendedActorSystem system) =>
        new(1 + ((ActorSystemImpl)system).Seams.Entropy.Next(int.MaxValue - 1));

    public static int Uid(ActorSystem system) => system.WithExtension<AddressUid, AddressUidExtension>().Uid;
}
