using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KvStore.Core;

/// <summary>
/// Checks that stay on in production. A failed one is our own bug: it throws <see cref="InvariantViolationException"/>,
/// nothing catches it for a retry, and the node stops before it can act on a state that cannot be.
/// </summary>
public static class Invariant
{
    /// <summary>Throws when <paramref name="holds"/> is false; the message defaults to the expression itself.</summary>
    public static void Check(
        [DoesNotReturnIf(false)] bool holds,
        [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        if (!holds)
            Fail(what);
    }

    [DoesNotReturn]
    private static void Fail(string? what) => throw new InvariantViolationException($"Invariant broken: {what}");
}
