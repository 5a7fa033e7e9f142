using System.Globalization;
using GenPrm.Lab.Runs;
using GenPrm.Silo.Store;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Lab;

/// <summary>Where a lab run keeps its models, its store, its job's files and its results.</summary>
public sealed class LabFolder(string path)
{
    private const int MostWaits = 120;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What everything here depends on.</summary>
    public string Settings => In("settings.json");

    /// <summary>Random weights, tokenizer, configuration: what every model of the lab begins as.</summary>
    public string Initial => In("models", "initial");

    /// <summary>Where a model's checkpoints go.</summary>
    public string Model(string name) => In("models", name);

    /// <summary>The job's problems, as any job's: problem and answer, and no truth.</summary>
    public string Problems => In("job", "problems.jsonl");

    /// <summary>An export of one of the job's labellings.</summary>
    public string Export(int labelling) => In("job", string.Create(CultureInfo.InvariantCulture, $"labelling-{labelling}"));

    /// <summary>The job's store.</summary>
    public StoreFolder Store => new(In("store"));

    /// <summary>Finished results.</summary>
    public Notebook Notebook => new(In("results"), TimeProvider.System);

    /// <summary>The smaller models of a lab run.</summary>
    public LabFolder Small => new(In("small"));

    public string Report => In("report.html");

    /// <summary>Seconds of work on all that is here.</summary>
    public double Seconds => Notebook.Seconds.Values.Sum() + Small.Notebook.Seconds.Values.Sum();

    /// <summary>A seed's part of a lab run.</summary>
    public LabFolder Seed(ulong seed) => new(In(string.Create(CultureInfo.InvariantCulture, $"seed-{seed}")));

    /// <summary>The seeds that there are parts of, in order.</summary>
    public IEnumerable<ulong> Seeds() => !Directory.Exists(Path) ? [] : Directory.EnumerateDirectories(Path, "seed-*")
        .Select(folder => ulong.TryParse(System.IO.Path.GetFileName(folder)["seed-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : (ulong?)null)
        .OfType<ulong>().Order();

    /// <summary>Keeps other processes from working here, until it is disposed of or the process ends, however it ends.</summary>
    /// <exception cref="LabException">Another one does, or nothing can be written here.</exception>
    public IDisposable Hold() =>
        TryHold() ?? throw new LabException($"{Path}: another process is at work here. Wait for its end, stop it, or give another --folder.");

    /// <summary>The same, after others that hold it for a moment only.</summary>
    /// <exception cref="LabException">It was held by others for a minute, or nothing can be written here.</exception>
    public async Task<IDisposable> HoldInTurnAsync(TimeProvider time, CancellationToken cancellation)
    {
        for (int wait = 0; wait < MostWaits; wait++)
        {
            if (TryHold() is { } held)
                return held;
            await Task.Delay(Wait, time, cancellation);
        }

        return Hold();
    }

    /// <summary>Keeps the settings here, or holds them against those that the folder was begun with.</summary>
    /// <returns>Those that it was begun with.</returns>
    /// <exception cref="LabException">The folder's results are of other settings, or do not say of which.</exception>
    public LabSettings Keep(LabSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!File.Exists(Settings) && (Directory.Exists(In("models")) || Directory.Exists(In("results"))))
            throw new LabException($"{Path} holds results of a genprm that did not keep what they depend on. Give another --folder, or remove {Path}.");
        return settings.Keep(Settings);
    }

    /// <summary>A file or folder of the run.</summary>
    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    private IDisposable? TryHold()
    {
        try
        {
            return FolderLock.TryTake(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{Path} can not be written: {error.Message} Give another --folder.", error);
        }
    }
}
