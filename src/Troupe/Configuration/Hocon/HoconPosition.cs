namespace Akka.Configuration.Hocon;

/// <summary>Where in which text something stands. Lines and columns count from 1, columns in UTF-16 units.</summary>
internal readonly record struct HoconPosition(string? Source, int Line, int Column)
{
    public override string ToString() =>
        Source is null ? $"line {Line}, column {Column}" : $"line {Line}, column {Column} of {Source}";
}
