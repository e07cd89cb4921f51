using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Client.Serialization;

/// <summary>What clients and receptionists say to each other: a list of paths, and three messages without a content.</summary>
public class ClusterClientMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string ContactsManifest = "A", GetContactsManifest = "B", HeartbeatManifest = "C", HeartbeatRspManifest = "D";

    public override string Manifest(object o) => o switch
    {
        ReceptionistMessage.Contacts => ContactsManifest,
        ReceptionistMessage.GetContacts => GetContactsManifest,
        ReceptionistMessage.Heartbeat => HeartbeatManifest,
        ReceptionistMessage.HeartbeatRsp => HeartbeatRspManifest,
        _ => throw new ArgumentException($"{o.GetType()} is no message between client and receptionist.", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is not ReceptionistMessage.Contacts contacts) return [];
        var writer = new BinaryTextWriter();
        writer.Int(contacts.Points.Length);
        foreach (var point in contacts.Points) writer.Text(point);
        return writer.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case GetContactsManifest: return ReceptionistMessage.GetContacts.Instance;
            case HeartbeatManifest: return ReceptionistMessage.Heartbeat.Instance;
            case HeartbeatRspManifest: return ReceptionistMessage.HeartbeatRsp.Instance;
            case ContactsManifest:
                var reader = new BinaryTextReader(bytes);
                var points = new string[reader.Count()];
                for (var i = 0; i < points.Length; i++) points[i] = reader.Text();
                reader.End();
                return new ReceptionistMessage.Contacts([.. points]);
            default:
                throw new SerializationException($"No message between client and receptionist has the manifest [{manifest}].");
        }
    }
}
