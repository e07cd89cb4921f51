using Akka.Actor;
using Akka.Cluster;
using Akka.Util;

namespace Troupe.Tests.ClusterTools;

/// <summary>Members for tests of pure parts: number i listens at port i and became Up as the i-th.</summary>
internal static class Members
{
    public static UniqueAddress Node(int number, int uid = 0) =>
        new(new Address("akka.tcp", "sim", "10.0.0.1", number), uid == 0 ? 1000 + number : uid);

    public static Member Of(int number, MemberStatus status = MemberStatus.Up, string role = "") =>
        new(Node(number), number, status, role.Length == 0 ? [] : [role], AppVersion.Create("1.0"));
}
