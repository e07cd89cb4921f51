using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// Turns objects of some types into bytes and back. Safe from any thread. Its identifier travels with the bytes and is the same
/// in all systems; by default it comes from `akka.actor.serialization-identifiers`.
/// </summary>
public abstract class Serializer
{
#pragma warning disable CA1051, SA1307 // the name and visibility are Akka.NET's
    protected readonly ExtendedActorSystem system;
#pragma warning restore CA1051, SA1307

    private int? _identifier;

    protected Serializer(ExtendedActorSystem system) => this.system = system;

    public virtual int Identifier =>
        _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Must the type travel too, so that <see cref="FromBinary(byte[], Type)"/> gets it?</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>As <see cref="ToBinary"/>, with references written for a reader at <paramref name="address"/>.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) =>
        Serialization.WithInformation(new Information(address, system), (Serializer: this, obj),
            static state => state.Serializer.ToBinary(state.obj));

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer that names the type of its bytes by a text of its own, not by the class.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    public sealed override bool IncludeManifest => true;

    public sealed override object FromBinary(byte[] bytes, Type type) =>
        FromBinary(bytes, Akka.Util.TypeExtensions.TypeQualifiedName(type));

    /// <summary>Throws, for a manifest that it does not know.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    public abstract string Manifest(object o);
}
