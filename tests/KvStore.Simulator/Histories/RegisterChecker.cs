using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Simulator.Histories;

/// <summary>
/// Whether what clients were told of strong keys can be told in one order that fits the times of the calls. Versions make that simple:
/// they count the changes, and every answer names one.
/// </summary>
public static class RegisterChecker
{
    public static IReadOnlyList<string> Check(IEnumerable<RegisterCall> history) =>
        [.. history.GroupBy(call => call.Key).SelectMany(calls => CheckKey(calls.Key, [.. calls]))];

    private static IEnumerable<string> CheckKey(BucketKey key, RegisterCall[] calls)
    {
        var answered = calls.Where(call => call.Value is not null).ToArray();
        foreach (var twice in answered.Where(call => call.HasChanged).GroupBy(call => call.Value!.Version).Where(group => group.Count() > 1))
            yield return $"{key}: two changes made version {twice.Key}: {string.Join(" and ", twice)}";
        foreach (var call in answered)
        {
            var version = call.Value!.Version;
            if (call is { HasChanged: true, Command: RegisterCommand.CompareAndSet { Expected: RegisterExpectation.HasVersion expected } }
                && version != expected.Version + 1)
                yield return $"{key}: it was set though it was not what was expected: {call}";
            foreach (var later in answered.Where(later => later.Sent > call.Done))
            {
                if (later.Value!.Version < version || (later.HasChanged && later.Value.Version == version))
                    yield return $"{key}: went back: {call}, then {later}";
            }
        }
        foreach (var violation in CheckValues(key, calls, answered)) yield return violation;
    }

    /// <summary>Each version has one value, which somebody has written.</summary>
    private static IEnumerable<string> CheckValues(BucketKey key, RegisterCall[] calls, RegisterCall[] answered)
    {
        foreach (var version in answered.Where(call => call.Value!.Data is not null).GroupBy(call => call.Value!.Version))
        {
            var data = version.First().Value!.Data!.Value;
            if (version.Any(call => !call.Value!.Data!.Value.Span.SequenceEqual(data.Span)))
                yield return $"{key}: version {version.Key} has two values";
            var writer = Array.Find(calls, call => call.Writes is { } written && written.Span.SequenceEqual(data.Span));
            if (writer is null) yield return $"{key}: nobody has written what version {version.Key} holds";
            else if (writer.Outcome is RegisterOutcome.Mismatch or RegisterOutcome.NotDone)
                yield return $"{key}: version {version.Key} is what was said not to be done: {writer}";
        }
    }
}
