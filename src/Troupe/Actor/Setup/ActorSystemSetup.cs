using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>The programmatic settings that an ActorSystem is created with, by their types. Immutable.</summary>
public sealed class ActorSystemSetup
{
    public static readonly ActorSystemSetup Empty = new(ImmutableArray<Setup>.Empty);

    private readonly ImmutableArray<Setup> _setups;

    private ActorSystemSetup(ImmutableArray<Setup> setups) => _setups = setups;

    public static ActorSystemSetup Create(params Setup[] setup)
    {
        var all = Empty;
        foreach (var one in setup) all = all.With(one, one.GetType());
        return all;
    }

    public Option<T> Get<T>() where T : Setup
    {
        foreach (var setup in _setups)
        {
            if (setup is T wanted && setup.GetType() == typeof(T)) return wanted;
        }

        return Option<T>.None;
    }

    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup => With(setup, setup.GetType());

    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);

    public override string ToString() => $"ActorSystemSetup({string.Join(", ", _setups.Select(s => s.GetType().Name))})";

    private ActorSystemSetup With(Setup setup, Type type) => new(_setups.RemoveAll(s => s.GetType() == type).Add(setup));
}
