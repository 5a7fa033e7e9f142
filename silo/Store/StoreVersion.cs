using System.Text.Json;

namespace GenPrm.Silo.Store;

/// <summary>The layout that a store folder was written with. Raised whenever an older program would misread what a newer one writes.</summary>
/// <param name="Version">The layout's number.</param>
/// <param name="Program">The version of the program that wrote it last.</param>
public sealed record StoreVersion(int Version, string Program)
{
    /// <summary>The layout that this program reads and writes.</summary>
    public const int Current = 2;

    /// <summary>From here on the log has small pages and is compacted. An older store keeps its large ones, which can not be read as small ones.</summary>
    internal const int SmallPages = 2;

    /// <summary>The layout that the folder has; of a folder without one, this program's.</summary>
    internal static int Of(StoreFolder folder) => File.Exists(folder.VersionFile) ? Read(folder).Version : Current;

    /// <summary>Checks the folder's version, which stays as it is, and marks a new folder with this program's.</summary>
    /// <exception cref="StoreException">A newer program wrote the store, or its version can not be read.</exception>
    public static void Check(StoreFolder folder, string program)
    {
        if (File.Exists(folder.VersionFile))
        {
            StoreVersion found = Read(folder);
            if (found.Version > Current)
                throw new StoreException(
                    $"The store in {folder.Path} has version {found.Version} (written by genprm {found.Program}); this genprm {program} "
                    + $"knows version {Current}. Use the newer genprm, or give another folder with --data.");
            return;
        }

        AtomicFile.Write(folder.VersionFile, JsonSerializer.Serialize(new StoreVersion(Current, program), StoreJson.Default.StoreVersion));
    }

    private static StoreVersion Read(StoreFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(folder.VersionFile), StoreJson.Default.StoreVersion)
                ?? throw new JsonException("the file holds null");
        }
        catch (JsonException broken)
        {
            throw new StoreException(
                $"{folder.VersionFile} is not a store version ({broken.Message}). Restore the file, or give another folder with --data.", broken);
        }
    }
}
