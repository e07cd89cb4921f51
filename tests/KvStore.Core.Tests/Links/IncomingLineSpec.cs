using KvStore.Core.Links;

namespace KvStore.Core.Tests.Links;

public sealed class IncomingLineSpec
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    [Fact]
    public void What_was_incomplete_when_a_line_broke_makes_room_when_its_time_is_over()
    {
        var line = new IncomingLine<int>(new LinkOptions { MaxBytes = 1_000 });
        for (ulong number = 1; number <= 3; number++)
            Assert.Empty(Take(line, Part(number)));
        line.Expire(Now + TimeSpan.FromSeconds(6));
        Assert.Empty(Take(line, Part(7)));
        var whole = Assert.Single(Take(line, new LinkItem(LinkItemKind.Tell, 0, Now + TimeSpan.FromSeconds(5), PartsOf: 7, Offset: 400, new byte[50])));
        Assert.Equal(450, whole.Body.Length);
    }

    private static LinkItem Part(ulong number) => new(LinkItemKind.Part, number, Now + TimeSpan.FromSeconds(5), PartsOf: 0, Offset: 0, new byte[400]);

    private static List<LinkItem> Take(IncomingLine<int> line, LinkItem item)
    {
        var taken = new List<LinkItem>();
        line.OnBatch(new LinkBatch(1, 2, Number: item.Correlation, Acknowledged: 0, WantsAck: false, Now, [item]), Now, taken, []);
        return taken;
    }
}
