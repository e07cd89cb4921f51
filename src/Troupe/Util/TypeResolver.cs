using System.Collections.Concurrent;
using System.Reflection;
using Akka.Configuration;

namespace Akka.Util;

/// <summary>
/// Finds the types that settings name. The full name decides, whatever assembly the setting adds after a comma: first among the
/// loaded assemblies, then among those that they reference. Safe from any thread.
/// </summary>
internal static class TypeResolver
{
    private static readonly ConcurrentDictionary<string, Type> Found = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="ConfigurationException"/> naming the setting when there is no such type.</summary>
    public static Type Resolve(string typeName, string setting) =>
        TryResolve(typeName)
        ?? throw new ConfigurationException(
            $"{setting} names the type [{typeName}], but no loaded assembly has a type of that full name. " +
            "Write the full name with its namespace, and reference the assembly that contains it.");

    public static Type? TryResolve(string typeName)
    {
        var fullName = FullName(typeName);
        if (Found.TryGetValue(fullName, out var known)) return known;
        var type = Search(fullName);
        if (type is not null) Found[fullName] = type;
        return type;
    }

    /// <summary>
    /// Makes an instance by the first of <paramref name="arguments"/> (lists of arguments; none: no arguments) that a constructor
    /// takes; a constructor's own exception comes out as it is.
    /// </summary>
    public static object Create(Type type, string setting, params object?[][] arguments)
    {
        const BindingFlags constructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (arguments.Length == 0) arguments = [[]];
        foreach (var list in arguments)
        {
            foreach (var constructor in type.GetConstructors(constructors))
            {
                if (Takes(constructor, list))
                    return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, list, null);
            }
        }

        var wanted = string.Join(" or ", arguments.Select(list =>
            $"({string.Join(", ", list.Select(argument => argument?.GetType().Name ?? "null"))})"));
        throw new ConfigurationException($"{setting} names the type [{type.FullName}], but it has no constructor {wanted}.");
    }

    private static bool Takes(ConstructorInfo constructor, object?[] arguments)
    {
        var parameters = constructor.GetParameters();
        if (parameters.Length != arguments.Length) return false;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!parameters[i].ParameterType.IsInstanceOfType(arguments[i])) return false;
        }

        return true;
    }

    private static string FullName(string typeName)
    {
        var depth = 0;
        for (var i = 0; i < typeName.Length; i++)
        {
            if (typeName[i] == '[') depth++;
            else if (typeName[i] == ']') depth--;
            else if (typeName[i] == ',' && depth == 0) return typeName[..i].Trim();
        }

        return typeName.Trim();
    }

    private static Type? Search(string fullName)
    {
        if (fullName.Length == 0) return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<Assembly>();
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.IsDynamic || !seen.Add(assembly.FullName ?? "")) continue;
            if (assembly.GetType(fullName) is { } type) return type;
            queue.Enqueue(assembly);
        }

        while (queue.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (!seen.Add(reference.FullName) || Load(reference) is not { } loaded) continue;
                if (loaded.GetType(fullName) is { } type) return type;
                queue.Enqueue(loaded);
            }
        }

        return null;
    }

    private static Assembly? Load(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null; // a reference that was never deployed cannot hold the type either
        }
    }
}
