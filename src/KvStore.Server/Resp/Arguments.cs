using System.Buffers.Text;
using System.Text;
using KvStore.Core.Identity;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp;

/// <summary>Reads arguments as Redis reads them, and says in its words what is wrong with one.</summary>
internal static class Arguments
{
    public static readonly RespReply.Error Syntax = new("ERR", "syntax error");

    public static readonly RespReply.Error NotAnInteger = new("ERR", "value is not an integer or out of range");

    /// <summary>A decimal number without plus sign, blanks or leading zeros, of 64 bits.</summary>
    public static bool TryInteger(ReadOnlyMemory<byte> argument, out long value)
    {
        var bytes = argument.Span;
        if (!Utf8Parser.TryParse(bytes, out value, out var used) || used != bytes.Length) return false;
        Span<byte> same = stackalloc byte[20];
        return Utf8Formatter.TryFormat(value, same, out var length) && same[..length].SequenceEqual(bytes);
    }

    /// <summary>The word in upper case: options are read without regard to case.</summary>
    public static string Word(ReadOnlyMemory<byte> argument) => Encoding.Latin1.GetString(argument.Span).ToUpperInvariant();

    public static string Text(ReadOnlyMemory<byte> argument) => Encoding.UTF8.GetString(argument.Span);

    public static Outcome<BucketKey> Key(BucketName bucket, ReadOnlyMemory<byte> argument) =>
        Core.Identity.Key.TryCreate(argument, out var key, out var wrong)
            ? new BucketKey(bucket, key)
            : Problem.Wrong($"{wrong} Nothing was changed.");

    /// <summary>Null when a value of so many bytes may be written.</summary>
    public static RespReply.Error? TooLarge(long bytes, long most) => bytes <= most ? null : new RespReply.Error("ERR",
        $"the value has {bytes} bytes, and the most is {most} (kv-store.limits.value-bytes); nothing was changed");

    public static RespReply.Error Error(Problem problem) => new(problem.Code, problem.Text);

    public static RespReply Integer(long value) => value switch
    {
        0 => RespReply.Zero,
        1 => RespReply.One,
        _ => new RespReply.Integer(value),
    };
}
