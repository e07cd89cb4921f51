namespace Petabridge.Cmd;

/// <summary>Puts one argument of a command together.</summary>
public sealed class ArgumentBuilder
{
    private readonly List<string> _switches = [];
    private string _name = "";
    private string _description = "";
    private string? _default;
    private string[] _suggestions = [];
    private bool _isMandatory;
    private bool _allowsMultiple;

    internal ArgumentBuilder()
    {
    }

    /// <summary>Whether it may be given more than once.</summary>
    public ArgumentBuilder AllowMultiple(bool allow)
    {
        _allowsMultiple = allow;
        return this;
    }

    public ArgumentBuilder IsMandatory(bool mandatory)
    {
        _isMandatory = mandatory;
        return this;
    }

    /// <summary>What it is when it is left out.</summary>
    public ArgumentBuilder WithDefaultValue(string value)
    {
        _default = value;
        return this;
    }

    /// <summary>What a client suggests; other values are taken too.</summary>
    public ArgumentBuilder WithDefaultValues(params string[] values)
    {
        _suggestions = values;
        return this;
    }

    public ArgumentBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    /// <summary>By which a handler asks for its values.</summary>
    public ArgumentBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>How it is typed; once for each form of it.</summary>
    public ArgumentBuilder WithSwitch(string @switch)
    {
        _switches.Add(Words.Checked(@switch));
        return this;
    }

    internal ArgumentDefinition Build() => _switches.Count > 0
        ? new ArgumentDefinition(Words.Checked(_name), _description, [.. _switches], _isMandatory, _allowsMultiple, _default, [.. _suggestions])
        : throw new ArgumentException($"Argument '{_name}' has no switch.");
}
