namespace KvStore.EndToEnd;

/// <summary>What kv cert makes, as openssl sees it.</summary>
public sealed class CertificatesSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-cert-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_nodes_certificate_leads_to_its_authority_for_both_directions_and_names_its_hosts()
    {
        await Made("ca");
        await Made("node", "--name", "n1", "--host", "n1.example.org", "--host", "10.0.0.7");
        foreach (var purpose in (string[])["sslserver", "sslclient"])
            Assert.EndsWith("n1.pem: OK", (await Openssl("verify", "-x509_strict", "-CAfile", File("ca.pem"), "-purpose", purpose, File("n1.pem"))).Output);
        foreach (var name in (string[][])[["-verify_hostname", "n1.example.org"], ["-verify_ip", "10.0.0.7"]])
            Assert.EndsWith("n1.pem: OK", (await Openssl(["verify", "-CAfile", File("ca.pem"), .. name, File("n1.pem")])).Output);
        Assert.NotEqual(0, (await Run("openssl", ["verify", "-CAfile", File("ca.pem"), "-verify_hostname", "n2.example.org", File("n1.pem")])).ExitCode);
        var bundled = await Openssl("pkcs12", "-in", File("n1.p12"), "-passin", "pass:", "-nodes");
        Assert.Equal(2, bundled.Output.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Contains("PRIVATE KEY", bundled.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_certificate_is_no_nodes()
    {
        await Made("ca");
        await Made("client", "--name", "app");
        Assert.EndsWith("app.pem: OK", (await Openssl("verify", "-CAfile", File("ca.pem"), "-purpose", "sslclient", File("app.pem"))).Output);
        Assert.NotEqual(0, (await Run("openssl", ["verify", "-CAfile", File("ca.pem"), "-purpose", "sslserver", File("app.pem")])).ExitCode);
    }

    [Fact]
    public async Task Keys_are_their_owners_alone_and_nothing_is_overwritten()
    {
        await Made("ca");
        await Made("node", "--name", "n1", "--host", "localhost");
        foreach (var name in (string[])["ca.key", "n1.key", "n1.p12"])
            Assert.Equal("600", (await Run("stat", ["-c", "%a", File(name)])).Output);
        var before = System.IO.File.ReadAllText(File("n1.key"));
        var again = await Cert("node", "--name", "n1", "--host", "localhost");
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Contains("n1.pem is there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await Cert("ca")).ExitCode);
        Assert.Equal(before, System.IO.File.ReadAllText(File("n1.key")));
    }

    [Fact]
    public async Task Without_an_authority_nothing_is_made_and_no_other_is_put_beside_it()
    {
        var none = await Cert("node", "--name", "n1", "--host", "localhost");
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("kv cert ca makes one", none.Errors, StringComparison.Ordinal);
        await Made("ca");
        var elsewhere = Path.Combine(_folder, "elsewhere");
        Assert.Equal(0, (await Programs.Kv("cert", "ca", "--out", elsewhere)).ExitCode);
        var mixed = await Cert("node", "--name", "n1", "--host", "localhost", "--ca", elsewhere);
        Assert.Contains("another authority's", mixed.Errors, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("n1.key")));
    }

    [Theory]
    [InlineData("node", "--name", "../n1", "--host", "localhost")]
    [InlineData("node", "--name", "n1", "--host", "two words")]
    [InlineData("node", "--name", "n1")]
    public async Task What_makes_no_sense_is_refused(params string[] arguments)
    {
        Assert.Equal(2, (await Cert(arguments)).ExitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private async Task Made(params string[] arguments)
    {
        var made = await Cert(arguments);
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    private Task<Ended> Cert(params string[] arguments) => Programs.Kv(["cert", .. arguments, "--out", _folder]);

    private static async Task<Ended> Openssl(params string[] arguments)
    {
        var ended = await Run("openssl", arguments);
        Assert.True(ended.ExitCode == 0, $"{ended.Output}\n{ended.Errors}");
        return ended;
    }

    private static Task<Ended> Run(string program, string[] arguments) => Programs.Run(program, arguments);

    private string File(string name) => Path.Combine(_folder, name);
}
