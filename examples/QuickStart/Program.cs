using System.Text;
using KvStore.Client;

// QuickStart HOST:PORT ...   with the remoting port of at least one node: ./kv up prints them.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: QuickStart HOST:PORT [HOST:PORT...]");
    return 2;
}

await using var client = await KvClient.ConnectAsync(args);

// A plain write takes the place of what is there.
Show("overwrite", await client.OverwriteAsync("fruit", "apple"));
var fruit = await client.GetAsync("fruit");
Console.WriteLine($"fruit is {fruit.Text}, says {fruit.Tally}");

// A write that names what it is based on supersedes exactly that.
Show("put with context", await client.PutAsync("fruit", "pear", fruit.Context));

// Two writers that know nothing of each other: both values are kept, and whoever reads them merges them.
await client.PutAsync("basket", "bread");
await client.PutAsync("basket", "milk");
var basket = await client.GetAsync("basket");
var items = basket.Siblings.Select(value => Encoding.UTF8.GetString(value.Span)).Order().ToList();
Console.WriteLine($"basket has {items.Count} siblings: {string.Join(" and ", items)}");
Show("merge", await client.PutAsync("basket", string.Join(", ", items), basket.Context));
Console.WriteLine($"basket is {(await client.GetAsync("basket")).Text}");

// In a session each read sees the writes before it, whichever nodes answer.
var session = new KvSession();
await client.OverwriteAsync("visits", "1", new PutOptions { Session = session });
Console.WriteLine($"visits is {(await client.GetAsync("visits", new GetOptions { Session = session })).Text}");

foreach (var key in (string[])["fruit", "basket", "visits"]) await client.DeleteAsync(key);
Console.WriteLine($"fruit is {(await client.GetAsync("fruit")).Status}");
return 0;

static void Show(string what, WriteResult result) => Console.WriteLine($"{what}: {result.Status}{(result.IsDone ? "" : $": {result.Problem}")}");
