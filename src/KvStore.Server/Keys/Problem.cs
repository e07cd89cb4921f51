namespace KvStore.Server.Keys;

/// <summary>
/// Why a door's operation has no result, in words for its client: what happened, whether anything changed, what to do. Codes:
/// <c>BUSY</c> and <c>TRYAGAIN</c> surely not applied, <c>UNKNOWN</c> maybe applied, <c>ERR</c> wrong as it stands.
/// </summary>
public sealed record Problem(string Code, string Text)
{
    public static Problem Wrong(string text) => new("ERR", text);

    public override string ToString() => $"{Code} {Text}";
}
