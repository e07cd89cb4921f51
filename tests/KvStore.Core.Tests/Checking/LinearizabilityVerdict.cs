namespace KvStore.Core.Tests.Checking;

/// <summary>What a checker says of one register's history. Undecided counts as a failure of the test run, never as a pass.</summary>
public enum LinearizabilityVerdict
{
    Linearizable,
    Violation,
    Undecided,
}
