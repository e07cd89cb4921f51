namespace Akka.Util;

public static class TypeExtensions
{
    public static bool Implements<T>(this Type type) => type.Implements(typeof(T));

    public static bool Implements(this Type type, Type moreGeneralType) => moreGeneralType.IsAssignableFrom(type);

    /// <summary>"Namespace.Type, Assembly" without version, culture and key.</summary>
    public static string TypeQualifiedName(this Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
