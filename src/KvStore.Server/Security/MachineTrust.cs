using System.Runtime.InteropServices;

namespace KvStore.Server.Security;

/// <summary>
/// What an actor runtime judges nodes by where it has no setting for it, as Akka.NET's packages do: the authorities that this process takes for the
/// machine's. Narrowed to the cluster's own, no public one makes a node. Linux alone can be told so by a process; elsewhere the machine's administrator
/// decides. To be called before the first certificate is judged: the framework looks once.
/// </summary>
internal static partial class MachineTrust
{
    public static void Narrow(string authorities)
    {
        if (!OperatingSystem.IsLinux()) return;
        // The framework's own Environment does not reach the variables that its cryptography reads.
        _ = SetVariable("SSL_CERT_FILE", authorities, overwrite: 1);
        _ = SetVariable("SSL_CERT_DIR", $"{authorities}.none", overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
