using Akka.Remote.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Remote.Wire;

public sealed class ManifestTableProperties
{
    [Fact]
    public void Any_sequence_of_manifests_comes_out_as_it_went_in() =>
        Prop.ForAll(Gen.Choose(0, 2 * ManifestTable.Capacity).ListOf().ToArbitrary(), picks =>
            SurvivesTheTrip([.. picks.Select(Pick)]))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void More_manifests_than_the_table_holds_still_come_out_right()
    {
        var all = Enumerable.Range(0, 3 * ManifestTable.Capacity).Select(Pick).ToArray();
        Assert.True(SurvivesTheTrip([.. all, .. all, .. all.Reverse()]));
    }

    [Fact]
    public void A_negative_serializer_number_survives() =>
        Assert.True(SurvivesTheTrip([(-7, "x"), (int.MinValue, ""), (-7, "x")]));

    private static (int, string) Pick(int number) => (number % 5 * 1000 - 2000, "manifest-" + number);

    private static bool SurvivesTheTrip((int Serializer, string Manifest)[] pairs)
    {
        var table = new ManifestTable();
        var buffer = new FrameBuffer();
        foreach (var (serializer, manifest) in pairs)
            table.Write(buffer, serializer, manifest);
        var entries = new ManifestEntries();
        var reader = new FrameReader(buffer.Written.Span);
        foreach (var pair in pairs)
        {
            if (entries.Read(ref reader) != pair)
                return false;
        }
        return reader.Rest.IsEmpty;
    }
}
