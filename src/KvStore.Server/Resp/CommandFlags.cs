namespace KvStore.Server.Resp;

/// <summary>What COMMAND says of a command, and how a connection treats it.</summary>
[Flags]
public enum CommandFlags
{
    None = 0,
    ReadOnly = 1,
    Write = 2,

    /// <summary>Costs little, however large the store is.</summary>
    Fast = 4,

    /// <summary>May be used before the password was given.</summary>
    BeforeAuthentication = 8,

    /// <summary>Changes what the connection has agreed on: runs when all before it on the connection are done, and alone.</summary>
    ChangesSession = 16,

    /// <summary>Touches keys that it does not name: runs after all before it on the connection, and before all after it.</summary>
    TouchesAnyKey = 32,
}
