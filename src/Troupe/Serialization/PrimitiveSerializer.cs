using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Texts and integers: "S" UTF-8, "I" and "L" little-endian, "B" one byte.</summary>
internal sealed class PrimitiveSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override string Manifest(object o) => o switch
    {
        string => "S",
        int => "I",
        long => "L",
        bool => "B",
        _ => throw Unknown(o?.GetType().ToString() ?? "null"),
    };

    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case string text:
                return Utf8.GetBytes(text);
            case int number:
                var four = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(four, number);
                return four;
            case long number:
                var eight = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                return eight;
            case bool flag:
                return [flag ? (byte)1 : (byte)0];
            default:
                throw Unknown(obj?.GetType().ToString() ?? "null");
        }
    }

    public override object FromBinary(byte[] bytes, string manifest) => (manifest, bytes.Length) switch
    {
        ("S", _) => Utf8.GetString(bytes),
        ("I", 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ("L", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ("B", 1) => bytes[0] != 0,
        _ => throw Unknown($"{manifest}, {bytes.Length} bytes"),
    };

    private static SerializationException Unknown(string what) => new($"{nameof(PrimitiveSerializer)} does not know [{what}].");
}
