namespace GenPrm.Silo.Store;

/// <summary>Where the local store lies, and the names of the files in it.</summary>
/// <param name="Path">An absolute path.</param>
public sealed record StoreFolder(string Path)
{
    /// <summary>The folder that was asked for, else <c>GENPRM_HOME</c>, else <c>genprm</c> in the XDG data folder
    /// (<c>XDG_DATA_HOME</c>, or <c>~/.local/share</c>).</summary>
    /// <param name="asked">The value of <c>--data</c>, if it was given.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static StoreFolder Find(string? asked, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(asked))
            return new(System.IO.Path.GetFullPath(asked));
        if (environment("GENPRM_HOME") is { Length: > 0 } home)
            return new(System.IO.Path.GetFullPath(home));
        if (environment("XDG_DATA_HOME") is { Length: > 0 } xdg)
            return new(System.IO.Path.Combine(System.IO.Path.GetFullPath(xdg), "genprm"));
        string user = environment("HOME") is { Length: > 0 } found ? found : "/";
        return new(System.IO.Path.Combine(user, ".local", "share", "genprm"));
    }

    /// <summary>Held with an exclusive file lock by the process that hosts the store.</summary>
    public string LockFile => System.IO.Path.Combine(Path, "lock");

    /// <summary>How to reach the process that hosts the store.</summary>
    public string EndpointFile => System.IO.Path.Combine(Path, "endpoint.json");

    /// <summary>Which version of the store's layout the folder has.</summary>
    public string VersionFile => System.IO.Path.Combine(Path, "store.json");

    /// <summary>Asks a host that only reads to make room for one that works.</summary>
    public string WantedFile => System.IO.Path.Combine(Path, "wanted");

    /// <summary>Where Garnet keeps its append-only file and its checkpoints.</summary>
    public string GarnetFolder => System.IO.Path.Combine(Path, "garnet");

    /// <summary>Where a host writes what happened, a file a host process.</summary>
    public string LogFolder => System.IO.Path.Combine(Path, "logs");
}
