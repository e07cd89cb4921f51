using System.Numerics;

namespace KvStore.Core.Tests.Checking;

/// <summary>
/// Decides whether the history of one register (read, write, compare-and-set) is linearizable: the search of Wing and Gong with
/// Lowe's memory of states met ("Testing for linearizability", 2016). Operations of unknown outcome may take effect at any
/// time after their begin, or never; those that nobody can have seen are dropped first.
/// </summary>
public static class WglChecker
{
    /// <summary>Checks up to <paramref name="maxSteps"/> search steps, then gives up as undecided.</summary>
    public static LinearizabilityVerdict Check(IEnumerable<RegisterCall> history, int maxSteps = 3_000_000)
    {
        var calls = Simplify([.. history.OrderBy(call => call.Invoked)]);
        return new Search(calls, maxSteps).Run();
    }

    /// <summary>An unknown write of a value that nobody read or expected can be left out: if it happened, happen it last.</summary>
    private static List<RegisterCall> Simplify(List<RegisterCall> calls)
    {
        var seen = calls.Where(call => call.Kind == CallKind.Read).Select(call => call.Observed)
            .Concat(calls.Where(call => call.Kind == CallKind.CompareAndSet).Select(call => call.Expected))
            .ToHashSet();
        return [.. calls.Where(call => !call.IsUnknown || (call.Kind != CallKind.Read && seen.Contains(call.Argument)))];
    }

    private sealed class Search(List<RegisterCall> calls, int maxSteps)
    {
        private readonly HashSet<(BigInteger Done, long State)> _met = [];
        private int _steps;

        public LinearizabilityVerdict Run()
        {
            var found = TryFrom(BigInteger.Zero, 0);
            if (found)
                return LinearizabilityVerdict.Linearizable;
            return _steps > maxSteps ? LinearizabilityVerdict.Undecided : LinearizabilityVerdict.Violation;
        }

        private bool TryFrom(BigInteger done, long state)
        {
            if (++_steps > maxSteps)
                return false;
            var horizon = RegisterCall.Never;
            var open = false;
            for (var i = 0; i < calls.Count; i++)
            {
                if (IsDone(done, i))
                    continue;
                horizon = Math.Min(horizon, calls[i].Returned);
                open |= !calls[i].IsUnknown;
            }

            if (!open)
                return true;
            for (var i = 0; i < calls.Count && calls[i].Invoked <= horizon; i++)
            {
                if (IsDone(done, i) || !Applies(calls[i], state, out var next))
                    continue;
                var after = done | (BigInteger.One << i);
                if (_met.Add((after, next)) && TryFrom(after, next))
                    return true;
            }

            return false;
        }

        private static bool IsDone(BigInteger done, int index) => !((done >> index) & BigInteger.One).IsZero;

        private static bool Applies(RegisterCall call, long state, out long next)
        {
            next = call.Kind == CallKind.Read ? state : call.Argument;
            return call.Kind switch
            {
                CallKind.Read => call.Observed == state,
                CallKind.CompareAndSet => call.Expected == state,
                _ => true,
            };
        }
    }
}
