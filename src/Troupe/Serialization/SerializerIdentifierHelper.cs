using System.Globalization;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

public static class SerializerIdentifierHelper
{
    /// <summary>
    /// The number that `akka.actor.serialization-identifiers` gives to a serializer's class. Throws when it gives none.
    /// </summary>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        foreach (var (name, value) in system.Settings.Config.GetConfig("akka.actor.serialization-identifiers")?.AsEnumerable()
            ?? [])
        {
            if (TypeResolver.TryResolve(name) == type) return int.Parse(value.GetString() ?? "", CultureInfo.InvariantCulture);
        }

        throw new ArgumentException(
            $"Couldn't find serializer id for [{type}] under [akka.actor.serialization-identifiers]: add it there, or override "
            + "Identifier.",
            nameof(type));
    }
}
