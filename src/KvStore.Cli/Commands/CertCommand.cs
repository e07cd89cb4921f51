using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using KvStore.Cli.Certificates;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv cert: the certificates of a cluster: its own authority, one for each node, one for each client of the doors.</summary>
internal static class CertCommand
{
    private const string DefaultFolder = "tls";

    public static Command Create() => new("cert", "Make the certificates of a cluster: an authority, and what it signs.") { Authority(), Node(), Client() };

    private static Command Authority()
    {
        var name = new Option<string>("--name") { Description = "how the authority is called in certificates", DefaultValueFactory = _ => "KvStore CA" };
        var (to, json) = (Out(), JsonOption());
        var command = new Command("ca", $"A new authority, for {CertificateAuthority.AuthorityYears} years. Its key signs nodes: keep it off them.")
        {
            name, to, json,
        };
        command.SetAction(parsed =>
        {
            using var authority = CertificateAuthority.New(parsed.GetValue(name)!);
            var files = new CertificateFiles(parsed.GetValue(to)!).WriteAuthority(authority);
            Say(authority.Certificate, files, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Node()
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = "a name or an address by which others call the node; once for each",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        hosts.Validators.Add(result =>
        {
            foreach (var host in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!IPAddress.TryParse(host, out _) && Uri.CheckHostName(host) != UriHostNameType.Dns)
                    result.AddError($"--host takes a host's name or an IP address; '{host}' is neither.");
            }
        });
        return Leaf("node", $"A node's certificate, for {CertificateAuthority.LeafYears} years. Whoever has its key is trusted as a node.", hosts);
    }

    private static Command Client() =>
        Leaf("client", $"A certificate for a client of the doors, for {CertificateAuthority.LeafYears} years. It makes nobody a node.", null);

    private static Command Leaf(string verb, string description, Option<string[]>? hosts)
    {
        var name = new Option<string>("--name") { Description = "how it is called in logs, and how its files are called", Required = true };
        name.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (text is "" or "ca" || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') || text[0] == '.')
                result.AddError($"--name takes letters, digits, dots and dashes, and is not ca; '{text}' is no such name.");
        });
        var ca = new Option<string?>("--ca") { Description = "the folder with the authority's ca.pem and ca.key (default: that of --out)" };
        var (to, json) = (Out(), JsonOption());
        var command = new Command(verb, description) { name, ca, to, json };
        if (hosts is not null) command.Add(hosts);
        command.SetAction(parsed =>
        {
            var files = new CertificateFiles(parsed.GetValue(to)!);
            using var authority = new CertificateFiles(parsed.GetValue(ca) ?? parsed.GetValue(to)!).LoadAuthority();
            using var certificate = authority.Issue(parsed.GetValue(name)!, hosts is null ? [] : parsed.GetValue(hosts)!);
            var written = hosts is null
                ? files.WriteClient(parsed.GetValue(name)!, certificate, authority)
                : files.WriteNode(parsed.GetValue(name)!, certificate, authority);
            Say(certificate, written, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Out() =>
        new("--out") { Description = $"the folder that the files go to (default: {DefaultFolder})", DefaultValueFactory = _ => DefaultFolder };

    private static Option<bool> JsonOption() => new("--json") { Description = "what was made, as one JSON object" };

    private static void Say(X509Certificate2 certificate, IReadOnlyList<string> files, bool json)
    {
        var until = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (json) Json.Write(new { schema = 1, subject = certificate.Subject, issuer = certificate.Issuer, until, files });
        else
        {
            foreach (var file in files) Console.WriteLine(file);
            Console.Error.WriteLine($"{certificate.Subject}, signed by {certificate.Issuer}, holds until {until}; the keys are readable by you alone");
        }
    }
}
