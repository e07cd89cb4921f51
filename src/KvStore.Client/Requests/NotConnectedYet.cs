namespace KvStore.Client.Requests;

/// <summary>What is said while a client knows no node: it has started again, and looks for one.</summary>
internal static class NotConnectedYet
{
    public const string Text = "This client is not connected: it looks for a node. Nothing was sent; try again a little later.";
}
