using System.IO.Compression;
using System.Reflection;
using PublicApiTool;

// compare-public-api ASSEMBLY...                       prints their public members in `Akka.*`, one a line
// compare-public-api --reference DIRECTORY ASSEMBLY... prints those that nothing in DIRECTORY has; exit code 1 if there are any
var arguments = args.ToList();
string? reference = null;
if (arguments is ["--reference", var directory, ..])
{
    reference = directory;
    arguments.RemoveRange(0, 2);
}

if (arguments.Count == 0 || arguments.Exists(a => !File.Exists(a)) || (reference is not null && !Directory.Exists(reference)))
{
    Console.Error.WriteLine("usage: compare-public-api [--reference DIRECTORY-OF-DLLS-OR-NUPKGS] ASSEMBLY...");
    return 2;
}

var ours = Load(arguments).SelectMany(PublicApi.Of).ToList();
if (reference is null)
{
    foreach (var line in PublicApi.Lines(ours)) Console.WriteLine(line);
    return 0;
}

var missing = PublicApi.Missing(ours, Load(ReferenceAssemblies(reference)).SelectMany(PublicApi.Of).ToList());
foreach (var line in missing) Console.WriteLine(line);
Console.Error.WriteLine($"{ours.Sum(t => t.Members.Count)} public members, {missing.Count} of them not in the reference.");
return missing.Count == 0 ? 0 : 1;

static List<Assembly> Load(IReadOnlyList<string> paths)
{
    var framework = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll");
    var beside = paths.SelectMany(p => Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(p))!, "*.dll"));
    var resolver = new PathAssemblyResolver(paths.Concat(beside).Concat(framework).DistinctBy(Path.GetFileName));
    var context = new MetadataLoadContext(resolver, typeof(object).Assembly.GetName().Name);
    return [.. paths.Select(context.LoadFromAssemblyPath)];
}

static List<string> ReferenceAssemblies(string directory)
{
    var folder = Directory.CreateTempSubdirectory("public-api-").FullName;
    foreach (var package in Directory.GetFiles(directory, "*.nupkg"))
    {
        using var zip = ZipFile.OpenRead(package);
        foreach (var entry in zip.Entries.Where(e =>
            e.FullName.StartsWith("lib/", StringComparison.Ordinal) && e.Name.EndsWith(".dll", StringComparison.Ordinal)))
            entry.ExtractToFile(Path.Combine(folder, entry.Name), overwrite: true);
    }

    foreach (var assembly in Directory.GetFiles(directory, "*.dll"))
        File.Copy(assembly, Path.Combine(folder, Path.GetFileName(assembly)), overwrite: true);
    return [.. Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)];
}
