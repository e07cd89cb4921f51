using Petabridge.Cmd.Shell;

namespace KvStore.Cli.Shell;

/// <summary>
/// The console at this end: lines that a person types, that come from a pipe, or one alone from the command line. Answers go to stdout, what went
/// wrong and remarks to stderr. Knows no command of a node: the node tells what there is.
/// </summary>
internal sealed class ConsoleShell(ConsoleLink link, string place)
{
    private bool _isRunning;

    /// <summary>One line; the exit code says whether it was done.</summary>
    public async Task<int> RunOne(string[] words, CancellationToken cancelled)
    {
        using var interrupts = new Interrupts(CancelCommand);
        return words is ["help", .. var topic]
            ? Help(topic, Console.Out)
            : await RunLine(TypedLine.Join(words), Console.Out, cancelled) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Line after line until <c>exit</c> or the end of the input; exit code 1 when any of them failed.</summary>
    public async Task<int> RunAll(CancellationToken cancelled)
    {
        using var interrupts = new Interrupts(CancelCommand);
        var editor = new LineEditor($"[{place}] pbm> ", line => Completion.Of(line, link.Welcome.Palettes));
        var exit = ExitCode.Done;
        while (editor.ReadLine() is { } line)
        {
            if (line.Trim() is "exit" or "quit") break;
            if (line.Trim().Length > 0 && await Obey(line, cancelled) != ExitCode.Done) exit = ExitCode.Failed;
        }
        return exit;
    }

    private async Task<int> Obey(string line, CancellationToken cancelled)
    {
        if (Redirection.Of(line) is not { } asked) return Complain("after '>' stands one file; nothing was done.");
        try
        {
            await using var file = asked.File is null ? null : new StreamWriter(asked.File);
            var output = file ?? Console.Out;
            if (TypedLine.Split(asked.Command) is ["help", .. var topic]) return Help(topic, output);
            return await RunLine(asked.Command, output, cancelled) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException or ArgumentException)
        {
            return Complain($"{asked.File} cannot be written ({problem.Message}).");
        }
    }

    private async Task<bool> RunLine(string line, TextWriter output, CancellationToken cancelled)
    {
        _isRunning = true;
        var end = await link.Run(line, text => output.WriteLine(Printable(text)), cancelled);
        _isRunning = false;
        if (end.Text.Length > 0) (end.HasFailed ? Console.Error : output).WriteLine(Printable(end.Text));
        return !end.HasFailed;
    }

    private int Help(string[] topic, TextWriter output)
    {
        if (HelpText.Of(topic, link.Welcome.Palettes) is not { } lines)
            return Complain($"there is nothing called '{string.Join(' ', topic)}' here; 'help' lists what there is.");
        foreach (var line in lines) output.WriteLine(Printable(line));
        return ExitCode.Done;
    }

    private static int Complain(string words)
    {
        Console.Error.WriteLine(words);
        return ExitCode.Failed;
    }

    /// <summary>False when no command runs that could be called off.</summary>
    private bool CancelCommand()
    {
        if (!_isRunning) return false;
        _ = link.Cancel();
        return true;
    }

    /// <summary>What a node says is not for the terminal to obey.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) && letter is not ('\n' or '\t') ? '?' : letter));
}
