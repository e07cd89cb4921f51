using System.Security.Cryptography;
using System.Text;

namespace KvStore.Server.Security;

/// <summary>What a client of a door must say first, if anything. Any thread.</summary>
internal sealed class DoorPassword(string password)
{
    /// <summary>The one user there is.</summary>
    public const string User = "default";

    private readonly byte[]? _hash = password.Length == 0 ? null : SHA256.HashData(Encoding.UTF8.GetBytes(password));

    public bool IsSet => _hash is not null;

    /// <summary>Compares hashes in constant time: neither length nor first difference shows.</summary>
    public bool Admits(ReadOnlySpan<byte> said) => _hash is null || CryptographicOperations.FixedTimeEquals(SHA256.HashData(said), _hash);
}
