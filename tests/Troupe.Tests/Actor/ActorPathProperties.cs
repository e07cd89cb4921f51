using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Actor;

public class ActorPathProperties
{
    [Fact]
    public void A_path_is_read_back_from_its_text() =>
        Prop.ForAll(Paths(), path =>
            ActorPath.Parse(path.ToSerializationFormat()) is var read && read == path && read.Uid == path.Uid
            && read.ToString() == path.ToString() && read.Elements.SequenceEqual(path.Elements)).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_paths_have_equal_hashes_and_compare_as_equal_whatever_their_uids() =>
        Prop.ForAll(Paths(), path =>
            path.WithUid(99) is var other && path == other && path.GetHashCode() == other.GetHashCode()
                && path.CompareTo(other) == 0)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_paths_is_the_one_of_their_equality() =>
        Prop.ForAll(Paths(), Paths(), (a, b) =>
            (a.CompareTo(b) == 0) == (a == b) && Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a)))
                .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_and_never_anything_else() =>
        Prop.ForAll(Texts(), text =>
        {
            _ = ActorPath.TryParse(text, out _);
            _ = ActorPath.IsValidPathElement(text);
            return Address.TryParse(text, out _) == Address.TryParse(text.AsSpan(), out _);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("akka://sys", "akka://sys/")]
    [InlineData("akka://sys/user/a", "akka://sys/user/a")]
    [InlineData("akka.tcp://sys@host:4053/user/a#-7", "akka.tcp://sys@host:4053/user/a")]
    [InlineData("akka.tcp://sys@[::1]:4053/user", "akka.tcp://sys@[::1]:4053/user")]
    public void Paths_in_their_forms(string text, string plain) =>
        Assert.Equal(plain, ActorPath.Parse(text).ToStringWithAddress());

    [Theory]
    [InlineData("")]
    [InlineData("user/a")]
    [InlineData("http://sys/user")]
    [InlineData("akka://")]
    [InlineData("akka.tcp://sys@host/user")]
    [InlineData("akka.tcp://sys@host:70000/user")]
    [InlineData("akka.tcp://sys@:1/user")]
    [InlineData("akka.tcp://s s@host:1/user")]
    [InlineData("akka://sys/user/a#b")]
    public void Texts_that_are_no_paths(string text)
    {
        Assert.False(ActorPath.TryParse(text, out _));
        Assert.Throws<UriFormatException>(() => ActorPath.Parse(text));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-_.*$+:@&=,!~';()", true)]
    [InlineData("%2F", true)]
    [InlineData("", false)]
    [InlineData("$a", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("%2", false)]
    [InlineData("%zz", false)]
    [InlineData("\u00e9", false)]
    [InlineData("a#1", false)]
    public void Names(string name, bool valid) => Assert.Equal(valid, ActorPath.IsValidPathElement(name));

    [Fact]
    public void A_local_path_is_written_with_the_address_that_reaches_it()
    {
        var path = new RootActorPath(new Address("akka", "sys")) / "user" / "a#3";
        var outside = new Address("akka.tcp", "sys", "host", 1);

        Assert.Equal("akka.tcp://sys@host:1/user/a#3", path.ToSerializationFormatWithAddress(outside));
        Assert.Equal("akka://sys/user/a", path.ToString());
        Assert.Equal("/user/a", path.ToStringWithoutAddress());
    }

    private static Arbitrary<ActorPath> Paths() =>
        (from remote in Gen.Elements(true, false)
         from names in Gen.Elements("a", "b", "$x", "user", "a-1", "%2F", "x;y").NonEmptyListOf()
         from uid in Gen.Choose(0, 3)
         select Path(remote, names, uid)).ToArbitrary();

    private static ActorPath Path(bool remote, IEnumerable<string> names, int uid)
    {
        var address = remote ? new Address("akka.tcp", "sys", "host", 4053) : new Address("akka", "sys");
        return (new RootActorPath(address) / names).WithUid(uid);
    }

    private static Arbitrary<string> Texts() =>
        Gen.Elements("akka", "akka.tcp", "://", "sys", "@", "host", ":", "4053", "/", "user", "#", "7", "%", "$", " ", "[", "]",
            "?", "\u00e9")
            .ListOf().Select(string.Concat).ToArbitrary();
}
