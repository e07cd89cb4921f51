using System.Reflection;
using System.Text;

namespace PublicApiTool;

/// <summary>A public type: what it is and has, in a form that two builds of the same API have alike.</summary>
internal sealed record ApiType(string Name, string? Base, IReadOnlyList<string> Members);

/// <summary>
/// The canonical text of public and protected types and members in <c>Akka.*</c> and <c>Petabridge.*</c>: names, types, parameter names, static or not,
/// optional or not. Left out is what a caller cannot see: virtual, readonly, attributes, defaults' values, nullability.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<ApiType> Of(Assembly assembly) =>
        Known(TypesOf(assembly).Where(IsVisible), Read).OrderBy(t => t.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Lines(IEnumerable<ApiType> types) =>
        types.OrderBy(t => t.Name, StringComparer.Ordinal).SelectMany(t => t.Members.Select(m => $"{t.Name}: {m}"));

    /// <summary>What <paramref name="ours"/> has and <paramref name="reference"/> has not, in the type or a base of it.</summary>
    public static List<string> Missing(IReadOnlyList<ApiType> ours, IReadOnlyList<ApiType> reference)
    {
        var byName = reference.GroupBy(t => t.Name).ToDictionary(g => g.Key, g => g.First());
        var missing = new List<string>();
        foreach (var type in ours)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            for (var name = type.Name; name is not null && byName.TryGetValue(name, out var theirs); name = theirs.Base)
                known.UnionWith(theirs.Members);
            missing.AddRange(type.Members.Where(m => !known.Contains(m) && !known.Contains(AsPublic(m)))
                .Select(m => $"{type.Name}: {m}"));
        }

        return missing;
    }

    /// <summary>
    /// A protected member of ours may be public in the reference, which a listing of accessors does not always tell apart.
    /// </summary>
    private static string AsPublic(string member) => member.Replace("protected ", "", StringComparison.Ordinal);

    private static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return [.. e.Types.OfType<Type>()];
        }
    }

    private static bool IsVisible(Type type)
    {
        for (var t = type; t is not null; t = t.DeclaringType)
        {
            if (!(t.IsPublic || t.IsNestedPublic || t.IsNestedFamily || t.IsNestedFamORAssem)) return false;
        }

        return type.Namespace is { } space && (space == "Akka" || space.StartsWith("Akka.", StringComparison.Ordinal)
            || space.StartsWith("Petabridge.", StringComparison.Ordinal));
    }

    private static ApiType Read(Type type)
    {
        var members = new List<string> { KindOf(type) };
        members.AddRange(Known(type.GetInterfaces().Where(i => IsVisible(i) || i.Namespace == "System"), i => $"is {NameOf(i)}"));
        if (!IsDelegate(type))
        {
            members.AddRange(Known(type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)),
                c => $"{Access(c)}constructor({Parameters(c)})"));
            members.AddRange(Known(type.GetMethods(Declared).Where(m => IsVisible(m) && !IsAccessorOfEvent(m)),
                m => IsObjects(m) ? null : Method(m)));
            members.AddRange(Known(type.GetFields(Declared)
                .Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName),
                f => $"{(f.IsPublic ? "" : "protected ")}{(f.IsStatic ? "static " : "")}field {NameOf(f.FieldType)} {f.Name}"));
        }
        else if (type.GetMethod("Invoke") is { } invoke)
        {
            members.Add($"delegate {NameOf(invoke.ReturnType)}({Parameters(invoke)})");
        }

        var @base = type.BaseType is { } up ? NameOf(up.IsGenericType ? up.GetGenericTypeDefinition() : up) : null;
        return new ApiType(NameOf(type), @base, [.. members.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Leaves out what cannot be described since it names a type of an assembly that is not here.</summary>
    private static IEnumerable<TText> Known<T, TText>(IEnumerable<T> members, Func<T, TText?> describe) where TText : class
    {
        foreach (var member in members)
        {
            TText? text;
            try
            {
                text = describe(member);
            }
            catch (FileNotFoundException)
            {
                continue;
            }

            if (text is not null) yield return text;
        }
    }

    private static string KindOf(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        _ when IsDelegate(type) => "delegate",
        _ => "class",
    };

    private static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>What every object has.</summary>
    private static bool IsObjects(MethodInfo method) => (method.Name, method.GetParameters().Length) is
        ("ToString", 0) or ("GetHashCode", 0) or ("Finalize", 0)
        || (method.Name == "Equals" && method.GetParameters() is [{ ParameterType.FullName: "System.Object" }])
        || method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsAccessorOfEvent(MethodInfo method) =>
        method.IsSpecialName && (method.Name.StartsWith("add_", StringComparison.Ordinal)
            || method.Name.StartsWith("remove_", StringComparison.Ordinal));

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>"
            : "";
        var @this = method.GetCustomAttributesData().Any(a => a.AttributeType.Name == "ExtensionAttribute") ? "this " : "";
        var @static = method.IsStatic ? "static " : "";
        return $"{Access(method)}{@static}{NameOf(method.ReturnType)} {method.Name}{generic}({@this}{Parameters(method)})";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Parameters(MethodBase method)
    {
        var accessor = method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal);
        return string.Join(", ", method.GetParameters().Select(p => accessor && p.Position == method.GetParameters().Length - 1
            ? NameOf(p.ParameterType)
            : Parameter(p)));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var text = new StringBuilder();
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == "ParamArrayAttribute")) text.Append("params ");
        if (type.IsByRef)
        {
            text.Append(parameter.IsOut ? "out " : "ref ");
            type = type.GetElementType()!;
        }

        text.Append(NameOf(type)).Append(' ').Append(parameter.Name);
        // a decimal's default is an attribute, which listings lose
        return parameter.IsOptional && type.FullName != "System.Decimal" ? text.Append(" = default").ToString() : text.ToString();
    }

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (type.IsByRef) return "ref " + NameOf(type.GetElementType()!);
        if (type.IsArray) return NameOf(type.GetElementType()!) + "[]";
        var name = type.DeclaringType is { } outer ? $"{NameWithoutArguments(outer)}+{Plain(type)}"
            : $"{type.Namespace}.{Plain(type)}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }

    private static string NameWithoutArguments(Type type) =>
        type.DeclaringType is { } outer ? $"{NameWithoutArguments(outer)}+{Plain(type)}" : $"{type.Namespace}.{Plain(type)}";

    private static string Plain(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : type.Name[..tick];
    }
}
