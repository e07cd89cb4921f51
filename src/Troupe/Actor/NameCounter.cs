namespace Akka.Actor;

/// <summary>Short names from a counter: its digits to the base 64, lowest first.</summary>
internal static class NameCounter
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    public static string Encode(long counter)
    {
        Span<char> text = stackalloc char[11];
        var length = 0;
        do
        {
            text[length++] = Digits[(int)(counter & 63)];
            counter >>>= 6;
        }
        while (counter != 0);
        return text[..length].ToString();
    }
}
