using GenPrm.Lab.Runs;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Lab;

/// <summary>Where a lab run keeps its models, its store, its job's files and its results.</summary>
public sealed class LabFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Random weights, tokenizer, configuration: what every model of the lab begins as.</summary>
    public string Initial => In("models", "initial");

    /// <summary>Where a model's checkpoints go.</summary>
    public string Model(string name) => In("models", name);

    /// <summary>The job's problems, as any job's: problem and answer, and no truth.</summary>
    public string Problems => In("job", "problems.jsonl");

    /// <summary>An export of one of the job's labellings.</summary>
    public string Export(int labelling) => In("job", $"labelling-{labelling}");

    /// <summary>The job's store.</summary>
    public StoreFolder Store => new(In("store"));

    /// <summary>Finished results.</summary>
    public Notebook Notebook => new(In("results"));

    public string Report => In("report.html");

    /// <summary>A file or folder of the run.</summary>
    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
