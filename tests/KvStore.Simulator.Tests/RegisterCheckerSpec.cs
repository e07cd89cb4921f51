using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Simulator.Histories;

namespace KvStore.Simulator.Tests;

public sealed class RegisterCheckerSpec
{
    private static readonly BucketKey Key = new(RegisterClients.Bucket, Core.Identity.Key.Of("k"));

    [Fact]
    public void What_can_be_told_in_one_order_is_well() => Assert.Empty(RegisterChecker.Check(
        [Put(0, 10, "a", 1), Get(5, 7, null, 0), Set(11, 20, "b", 1, 2), Unknown(12, 14, "c"), Get(30, 31, "c", 3), Get(32, 33, "c", 3)]));

    [Fact]
    public void A_read_of_an_older_version_after_a_newer_one_is_noticed() =>
        Assert.Single(RegisterChecker.Check([Put(0, 1, "a", 1), Get(2, 3, null, 0)]), Is("went back"));

    [Fact]
    public void A_change_that_is_made_again_by_another_is_noticed() =>
        Assert.Single(RegisterChecker.Check([Put(0, 5, "a", 1), Put(1, 6, "b", 1)]), Is("two changes made version 1"));

    [Fact]
    public void A_value_that_nobody_has_written_is_noticed() =>
        Assert.Single(RegisterChecker.Check([Get(0, 1, "ghost", 1)]), Is("nobody has written"));

    [Fact]
    public void A_value_that_was_said_not_to_be_written_is_noticed() => Assert.Single(
        RegisterChecker.Check([Call(0, 1, PutOf("a"), new RegisterOutcome.NotDone(RegisterFailure.NoMajority)), Get(2, 3, "a", 1)]),
        Is("said not to be done"));

    [Fact]
    public void A_set_of_what_was_not_expected_is_noticed() =>
        Assert.Single(RegisterChecker.Check([Put(0, 1, "a", 1), Put(2, 3, "b", 2), Set(4, 5, "c", 1, 3)]), Is("not what was expected"));

    private static Predicate<string> Is(string violation) => found => found.Contains(violation, StringComparison.Ordinal);

    private static RegisterCall Put(int sent, int done, string data, ulong version) => Call(sent, done, PutOf(data), DoneWith(data, version));

    private static RegisterCall Set(int sent, int done, string data, ulong expected, ulong version) => Call(
        sent, done, new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(expected), Bytes(data)), DoneWith(data, version));

    private static RegisterCall Unknown(int sent, int done, string data) =>
        Call(sent, done, PutOf(data), new RegisterOutcome.Unknown(RegisterFailure.NoMajority));

    private static RegisterCall Get(int sent, int done, string? data, ulong version) =>
        Call(sent, done, new RegisterCommand.Get(), DoneWith(data, version));

    private static RegisterCommand.Put PutOf(string data) => new(Bytes(data));

    private static RegisterOutcome.Done DoneWith(string? data, ulong version)
    {
        ReadOnlyMemory<byte>? bytes = null;
        if (data is not null) bytes = Bytes(data);
        return new RegisterOutcome.Done(new RegisterValue(bytes, version, []), version);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static RegisterCall Call(int sent, int done, RegisterCommand command, RegisterOutcome outcome) =>
        new(1, Key, TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(done), command, outcome);
}
