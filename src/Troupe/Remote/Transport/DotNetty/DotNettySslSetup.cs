using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>The certificate of remoting's TLS, given in code instead of a file.</summary>
public sealed class DotNettySslSetup(X509Certificate2 certificate, bool suppressValidation) : Setup
{
    public X509Certificate2 Certificate { get; } = certificate;

    public bool SuppressValidation { get; } = suppressValidation;
}
