using System.Reflection;
using System.Xml;
using System.Xml.Linq;

namespace Akka.Configuration;

/// <summary>The classic place for HOCON: akka/hocon in the application's .NET settings file, App.dll.config.</summary>
internal static class AppConfigFile
{
    public static Config Load()
    {
        if (Assembly.GetEntryAssembly()?.GetName().Name is not { } application) return Config.Empty;
        return Read(Path.Combine(AppContext.BaseDirectory, application + ".dll.config"));
    }

    public static Config Read(string path)
    {
        if (!File.Exists(path)) return Config.Empty;
        try
        {
            var hocon = XDocument.Load(path).Root?.Element("akka")?.Element("hocon");
            return hocon is null ? Config.Empty : ConfigurationFactory.ParseString(hocon.Value);
        }
        catch (XmlException e)
        {
            throw new ConfigurationException($"The settings file {path} is not XML: {e.Message} Correct it, or remove it.", e);
        }
    }
}
