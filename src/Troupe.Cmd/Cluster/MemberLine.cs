using Akka.Cluster;

namespace Petabridge.Cmd.Cluster;

/// <summary>A member in one line: <c>address | [roles] | status | unreachable, or nothing | version</c>.</summary>
internal static class MemberLine
{
    public static string Of(Member member, ClusterEvent.CurrentClusterState state) =>
        $"{WithoutVersion(member, state)} | {member.AppVersion.Version}";

    public static string WithoutVersion(Member member, ClusterEvent.CurrentClusterState state)
    {
        var roles = string.Join(',', member.Roles.Order(StringComparer.Ordinal));
        var reach = state.Unreachable.Contains(member) ? "unreachable" : "";
        return $"{member.Address} | [{roles}] | {StatusOf(member)} | {reach}";
    }

    public static string StatusOf(Member member) => member.Status.ToString().ToLowerInvariant();
}
