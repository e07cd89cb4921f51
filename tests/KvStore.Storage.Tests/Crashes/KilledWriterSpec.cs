using System.Diagnostics;
using System.Globalization;

namespace KvStore.Storage.Tests.Crashes;

public sealed class KilledWriterSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kv-killed-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Durability.Group)]
    [InlineData(Durability.None)]
    public void Every_acknowledged_write_of_a_killed_process_is_there(Durability durability)
    {
        var random = new Random(1);
        for (int round = 0; round < TestLength.Of(fast: 25, full: 300); round++)
        {
            long acknowledged = WriteUntilKilled(durability, lines: 1 + random.Next(3000));
            using LsmStore store = LsmStore.Open(_directory, WriterProgram.Options(durability));
            long held = (long)store.LastSequence.Value;
            Assert.InRange(held, acknowledged, acknowledged + 100_000);
            for (long i = Math.Max(1, held - 4000); i <= held; i++)
                Assert.Equal(WriterProgram.ValueOf(i), store.Get(WriterProgram.KeyOf(i)));
            for (int sample = 0; sample < 200; sample++)
            {
                long i = 1 + random.NextInt64(held);
                Assert.Equal(WriterProgram.ValueOf(i), store.Get(WriterProgram.KeyOf(i)));
            }
        }
    }

    /// <returns>The last write that the process said was acknowledged.</returns>
    private long WriteUntilKilled(Durability durability, int lines)
    {
        using Process writer = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(WriterProgram).Assembly.Location, "write", _directory, durability.ToString() },
            RedirectStandardOutput = true,
        })!;
        long last = 0;
        while (lines-- > 0 && writer.StandardOutput.ReadLine() is { } line)
            last = long.Parse(line, CultureInfo.InvariantCulture);
        writer.Kill();
        while (writer.StandardOutput.ReadLine() is { } line)
            last = line.Length > 0 && long.TryParse(line, CultureInfo.InvariantCulture, out long more)
                && more == last + 1 ? more : last;
        writer.WaitForExit();
        return last;
    }
}
