using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace GenPrm.Tests;

/// <summary>Finds what tests read: the repository's own <c>tests/data</c>, and the shared material under <c>GENPRM_SHARED</c>
/// (default: <c>../shared</c> beside the repository).</summary>
/// <remarks>Where the variable is set and the material is missing, a test fails; where it is not set, the test is skipped with the reason.</remarks>
internal static class TestMaterial
{
    private const string Variable = "GENPRM_SHARED";

    /// <summary>Stands in a theory's rows where there is nothing to try, so that the test itself can fail or skip.</summary>
    public const string None = "(none)";

    /// <summary>The folder of <c>GenPrm.Cluster.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static string SharedRoot { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>A file or folder under the shared root; fails or skips the test that asks where it is missing.</summary>
    public static string Shared(params string[] parts)
    {
        var path = Path.Combine([SharedRoot, .. parts]);
        return Path.Exists(path) ? path : throw Missing(path);
    }

    /// <summary>Theory rows: each folder, under <c>models</c> of the shared root or under <c>tests/data</c>, that holds a file named
    /// <paramref name="marker"/>, as a path for <see cref="ModelFolder"/>.</summary>
    public static TheoryData<string> ModelsWith(string marker)
    {
        var rows = FoldersWith(Path.Combine(SharedRoot, "models"), marker).Concat(FoldersWith(Path.Combine(RepositoryRoot, "tests", "data"), marker)).ToList();
        return rows.Count == 0 ? [None] : [.. rows];
    }

    /// <summary>Theory rows: the folders of <see cref="ModelsWith"/> that come from the shared root alone.</summary>
    public static TheoryData<string> SharedModelsWith(string marker)
    {
        var rows = FoldersWith(Path.Combine(SharedRoot, "models"), marker);
        return rows.Count == 0 ? [None] : [.. rows];
    }

    /// <summary>The folder of a theory row, laid out whole: files stored as <c>.xz</c> are decompressed into a cache.</summary>
    public static string ModelFolder(string row)
    {
        if (row == None)
            throw Missing(Path.Combine(SharedRoot, "models"));
        var folder = Path.IsPathRooted(row) ? row : Path.Combine(RepositoryRoot, row);
        return Directory.EnumerateFiles(folder, "*.xz").Any() ? Unpacked(folder) : folder;
    }

    private static List<string> FoldersWith(string root, string marker) => !Directory.Exists(root)
        ? []
        : [.. Directory.EnumerateFiles(root, marker, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Select(folder => folder.StartsWith(RepositoryRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(RepositoryRoot, folder) : folder)
            .Order(StringComparer.Ordinal)];

    /// <summary>A copy of the folder, as links beside decompressed files. Safe side by side: whoever finishes first names it.</summary>
    private static string Unpacked(string folder)
    {
        var stamp = string.Join('\n', Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{file} {new FileInfo(file).Length}"));
        var name = Path.GetFileName(folder) + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)))[..12];
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var target = Path.Combine(cache, "genprm", "test-models", name);
        if (Directory.Exists(target))
            return target;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var aside = $"{target}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        Directory.CreateDirectory(aside);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (file.EndsWith(".xz", StringComparison.Ordinal))
                Decompress(file, Path.Combine(aside, Path.GetFileNameWithoutExtension(file)));
            else
                File.CreateSymbolicLink(Path.Combine(aside, Path.GetFileName(file)), Path.GetFullPath(file));
        }

        try
        {
            Directory.Move(aside, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(aside, recursive: true);
        }

        return target;
    }

    private static void Decompress(string from, string to)
    {
        using var process = Process.Start(new ProcessStartInfo("xz", ["-dc", from]) { RedirectStandardOutput = true })!;
        using (var output = File.Create(to))
            process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"xz could not decompress {from}: exit code {process.ExitCode}");
    }

    private static UnreachableException Missing(string path)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            Assert.Fail($"{path} is missing, and {Variable} is set");
        Assert.Skip($"{path} is missing; set {Variable} to the folder of the shared material");
        return new UnreachableException();
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GenPrm.Cluster.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"GenPrm.Cluster.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
