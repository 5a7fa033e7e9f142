using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Model.Training;

namespace GenPrm.Tests.Unit.Training;

/// <summary>A recorded training run: batches, recipe, and what each step must give.</summary>
internal sealed record SftReference(string Folder, JsonElement Root)
{
    private static readonly string Directory = Path.Combine(TestMaterial.SharedRoot, "sft-reference");

    /// <summary>Theory rows: every folder under <c>sft-reference</c> of the shared root.</summary>
    public static TheoryData<string> Folders()
    {
        string[] names = System.IO.Directory.Exists(Directory)
            ? [.. System.IO.Directory.EnumerateFiles(Directory, "reference.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Directory, Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)]
            : [];
        return names.Length == 0 ? [TestMaterial.None] : [.. names];
    }

    public static SftReference Load(string name)
    {
        var folder = TestMaterial.Shared("sft-reference", name == TestMaterial.None ? "" : name);
        return new(folder, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json"))).RootElement);
    }

    public string ModelFolder => TestMaterial.ModelFolder(TestMaterial.Shared("models", Root.GetProperty("model").GetString()!));

    /// <summary>The adapter that the run begins with; null where all weights are trained.</summary>
    public string? AdapterFolder => System.IO.Directory.EnumerateFiles(Folder, PeftAdapter.ConfigFile, SearchOption.AllDirectories).Select(Path.GetDirectoryName).FirstOrDefault();

    public AdamWOptions Optimizer => new()
    {
        Beta1 = Recipe("betas")[0].GetDouble(),
        Beta2 = Recipe("betas")[1].GetDouble(),
        Epsilon = Recipe("eps").GetDouble(),
        WeightDecay = Recipe("weight_decay").GetDouble(),
        MaxGradientNorm = Recipe("max_grad_norm").GetDouble(),
    };

    public LearningRateSchedule Schedule => new(
        Enum.Parse<ScheduleKind>(Recipe("schedule").GetString()!, ignoreCase: true), Recipe("lr").GetDouble(), Recipe("warmup_steps").GetInt32(), Recipe("steps").GetInt32());

    public IEnumerable<JsonElement> Steps => Root.GetProperty("steps").EnumerateArray();

    /// <summary>A step's micro-batches, each a list of sequences.</summary>
    public static IReadOnlyList<IReadOnlyList<TrainingSequence>> MicroBatches(JsonElement step) =>
        [.. step.GetProperty("micro_batches").EnumerateArray().Select(batch => (IReadOnlyList<TrainingSequence>)[.. batch.EnumerateArray().Select(Sequence)])];

    /// <summary>The probe text, every token but the first a target.</summary>
    public MicroBatch Probe()
    {
        var ids = Ids(Root.GetProperty("probe"));
        return MicroBatch.Pack([TrainingSequence.FromMask(ids, Enumerable.Repeat(true, ids.Length).ToArray())]);
    }

    public double[] ProbeLogProbabilities => [.. Root.GetProperty("probe").GetProperty("token_logprobs_after").EnumerateArray().Select(value => value.GetDouble())];

    private JsonElement Recipe(string field) => Root.GetProperty("recipe").GetProperty(field);

    private static TrainingSequence Sequence(JsonElement row) =>
        TrainingSequence.FromMask(Ids(row), row.GetProperty("mask").EnumerateArray().Select(bit => bit.GetInt32() == 1).ToArray());

    private static ImmutableArray<int> Ids(JsonElement row) => [.. row.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())];
}
