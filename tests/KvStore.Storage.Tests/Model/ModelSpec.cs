namespace KvStore.Storage.Tests.Model;

public class ModelSpec
{
    private const int Operations = 10_000;

    /// <summary>Seeds come in groups, so that they spread over the test runner's threads.</summary>
    public static TheoryData<int> Groups => [.. Enumerable.Range(0, TestLength.Of(fast: 20, full: 200))];

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_store_does_what_a_sorted_dictionary_does(int group)
    {
        for (int seed = group * 10; seed < (group + 1) * 10; seed++)
        {
            try
            {
                using var run = new ModelRun(seed);
                run.Run(Operations);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }
}
