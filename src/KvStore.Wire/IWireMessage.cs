namespace KvStore.Wire;

/// <summary>A message that may travel between nodes. The list of them is closed: <see cref="WireCodec"/>.</summary>
public interface IWireMessage;
