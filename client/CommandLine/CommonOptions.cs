using System.CommandLine;
using GenPrm.Silo.Store;

namespace GenPrm.Client.CommandLine;

/// <summary>The options that many commands share. Fresh ones for each command, so that each shows in its own help.</summary>
public static class CommonOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of the local store [default: $GENPRM_HOME, else ~/.local/share/genprm]",
        HelpName = "folder",
    };

    public static Option<string?> Redis() => new("--redis")
    {
        Description = "Use the cluster behind this Redis server instead of the local store",
        HelpName = "host:port",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON (snake_case) for programs" };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Set up what is missing without asking" };

    /// <summary>The store folder that a command line names.</summary>
    public static StoreFolder Folder(string? data) => StoreFolder.Find(data, Environment.GetEnvironmentVariable);
}
