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

    /// <summary>Where a lab run goes.</summary>
    /// <param name="place">Where that is without it.</param>
    public static Option<string?> LabFolder(string place)
    {
        var folder = new Option<string?>("--folder") { Description = $"Where everything goes [default: {place} in the store's folder]", HelpName = "folder" };
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && string.IsNullOrWhiteSpace(given))
                result.AddError("--folder is empty. Give a folder, or leave it out.");
        });
        return folder;
    }

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
