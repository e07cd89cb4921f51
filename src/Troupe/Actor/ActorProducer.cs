using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>How Props make an instance.</summary>
internal abstract class ActorProducer
{
    public abstract Type ActorType { get; }

    public abstract object[] Arguments { get; }

    public abstract ActorBase Produce();

    public virtual void Release(ActorBase actor)
    {
    }
}

/// <summary>By the public constructor that takes the arguments.</summary>
internal sealed class ConstructorProducer : ActorProducer
{
    private static readonly ConcurrentDictionary<Type, Constructor[]> Known = new();

    private readonly ConstructorInvoker? _constructor;

    public ConstructorProducer(Type type, object[]? arguments)
    {
        ActorType = type;
        Arguments = arguments ?? [];
        _constructor = Choose(Known.GetOrAdd(type, ConstructorsOf), Arguments);
    }

    public override Type ActorType { get; }

    public override object[] Arguments { get; }

    public override ActorBase Produce()
    {
        if (_constructor is not null) return (ActorBase)_constructor.Invoke(new Span<object?>(Arguments));
        try
        {
            const BindingFlags constructor =
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.CreateInstance | BindingFlags.DoNotWrapExceptions
                | BindingFlags.OptionalParamBinding;
            return (ActorBase)Activator.CreateInstance(ActorType, constructor, null, Arguments, null)!;
        }
        catch (Exception e) when (
            e is MissingMethodException or MemberAccessException or AmbiguousMatchException or InvalidCastException)
        {
            throw new TypeLoadException(
                $"Error while creating actor instance of type {ActorType} with {Arguments.Length} args: "
                + $"({string.Join(", ", Arguments.Select(a => a?.GetType().ToString() ?? "null"))}). "
                + "It needs exactly one public constructor that takes them.", e);
        }
    }

    private static Constructor[] ConstructorsOf(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters || !typeof(ActorBase).IsAssignableFrom(type)) return [];
        return [.. type.GetConstructors().Select(c =>
            new Constructor(ConstructorInvoker.Create(c), [.. c.GetParameters().Select(p => p.ParameterType)]))];
    }

    /// <summary>
    /// The only constructor that takes the arguments as they are; null leaves the choice to the framework's binder.
    /// </summary>
    private static ConstructorInvoker? Choose(Constructor[] constructors, object?[] arguments)
    {
        ConstructorInvoker? chosen = null;
        foreach (var constructor in constructors)
        {
            if (!constructor.Takes(arguments)) continue;
            if (chosen is not null) return null;
            chosen = constructor.Invoker;
        }

        return chosen;
    }

    private sealed record Constructor(ConstructorInvoker Invoker, Type[] Parameters)
    {
        public bool Takes(object?[] arguments)
        {
            if (Parameters.Length != arguments.Length) return false;
            for (var i = 0; i < arguments.Length; i++)
            {
                var parameter = Parameters[i];
                var fits = arguments[i] is { } argument
                    ? parameter.IsInstanceOfType(argument)
                    : !parameter.IsValueType || Nullable.GetUnderlyingType(parameter) is not null;
                if (!fits) return false;
            }

            return true;
        }
    }
}

internal sealed class IndirectProducer(IIndirectActorProducer producer, object[]? arguments) : ActorProducer
{
    public override Type ActorType => producer.ActorType;

    public override object[] Arguments { get; } = arguments ?? [];

    public override ActorBase Produce() => producer.Produce();

    public override void Release(ActorBase actor) => producer.Release(actor);
}

/// <summary>What a stopped actor's Props are replaced with, so that its arguments are not kept alive.</summary>
internal sealed class TerminatedProducer : ActorProducer
{
    public override Type ActorType => typeof(ActorBase);

    public override object[] Arguments => [];

    public override ActorBase Produce() => throw new InvalidOperationException("This actor has been terminated.");
}
