namespace Akka;

/// <summary>The result of something that is finished and has nothing more to say.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
