namespace KvStore.Cli.Shell;

/// <summary>
/// Reads lines: from a terminal with a prompt, cursor keys, the lines of before, and Tab for what may come next; from a pipe as they come.
/// </summary>
/// <param name="prompt">What stands before a line on a terminal.</param>
/// <param name="complete">What may stand in the place of a line's last word.</param>
internal sealed class LineEditor(string prompt, Func<string, IReadOnlyList<string>> complete)
{
    private const int MaxLines = 200;
    private readonly List<string> _before = [];
    private string _line = "";
    private int _cursor;
    private int _shown;

    /// <summary>Null at the end of the input.</summary>
    public string? ReadLine()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected) return Console.In.ReadLine();
        (_line, _cursor, _shown) = ("", 0, _before.Count);
        while (true)
        {
            Draw();
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && _line.Length == 0)
            {
                Console.WriteLine();
                return null;
            }
            Take(key);
        }
        Console.WriteLine();
        if (_line.Trim().Length > 0) _before.Add(_line);
        if (_before.Count > MaxLines) _before.RemoveAt(0);
        return _line;
    }

    private void Take(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_line.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
                _cursor = 0;
                break;
            case ConsoleKey.End:
                _cursor = _line.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(_shown - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_shown + 1);
                break;
            case ConsoleKey.Backspace when _cursor > 0:
                _line = _line.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _line.Length:
                _line = _line.Remove(_cursor, 1);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar)) _line = _line.Insert(_cursor++, $"{key.KeyChar}");
                break;
        }
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _before.Count) return;
        _shown = index;
        _line = index == _before.Count ? "" : _before[index];
        _cursor = _line.Length;
    }

    /// <summary>As far as all candidates are the same; where that is no further, they are listed.</summary>
    private void Complete()
    {
        var left = _line[.._cursor];
        var candidates = complete(left);
        if (candidates.Count == 0) return;
        var word = left[(left.LastIndexOf(' ') + 1)..];
        var common = candidates.Aggregate((a, b) => a[..a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count()]);
        if (candidates.Count == 1) common += " ";
        else if (common == word)
        {
            Console.WriteLine();
            Console.WriteLine(string.Join("  ", candidates));
        }
        _line = left[..^word.Length] + common + _line[_cursor..];
        _cursor += common.Length - word.Length;
    }

    private void Draw() => Console.Write($"\r{prompt}{_line}\e[K\r\e[{prompt.Length + _cursor}C");
}
