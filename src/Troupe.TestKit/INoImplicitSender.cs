namespace Akka.TestKit;

/// <summary>
/// A test class that implements this gets no implicit sender: <c>actor.Tell(message)</c> in the test then has none.
/// Without it the sender is <see cref="TestKitBase.TestActor"/>.
/// </summary>
public interface INoImplicitSender
{
}
