using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Keeps a system's <see cref="ITestKitAssertions"/>, so that parts without a test kit can fail the test too.</summary>
public class TestKitAssertionsExtension(ITestKitAssertions assertions) : ExtensionIdProvider<TestKitAssertionsProvider>
{
    public static TestKitAssertionsProvider For(ActorSystem system) => system.GetExtension<TestKitAssertionsProvider>();

    public override TestKitAssertionsProvider CreateExtension(ExtendedActorSystem system) => new(assertions);
}

/// <summary>The extension that <see cref="TestKitAssertionsExtension"/> creates.</summary>
public class TestKitAssertionsProvider(ITestKitAssertions assertions) : IExtension
{
    public ITestKitAssertions Assertions { get; } = assertions;
}
