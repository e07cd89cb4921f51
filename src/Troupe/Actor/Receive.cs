namespace Akka.Actor;

/// <summary>A behaviour; false says that it does not handle the message.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that calls Unhandled itself.</summary>
public delegate void UntypedReceive(object message);
