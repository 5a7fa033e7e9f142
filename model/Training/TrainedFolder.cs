using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Writes what was trained as an ordinary folder: a Hugging Face model, or an adapter in PEFT's layout; the tokenizer, chat
/// template and generation settings of the model that training began with go along.</summary>
public static class TrainedFolder
{
    /// <summary>Tokenizer files that go along with an adapter, so that it can be used without looking elsewhere.</summary>
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>Writes a whole model; with adapters, their change is added to the weights: <c>W + scale · B · A</c>.</summary>
    /// <param name="model">What was trained.</param>
    /// <param name="baseFolder">The folder that it was loaded from.</param>
    /// <param name="folder">Where to; replaced if it exists.</param>
    /// <param name="type">The type of the weights in the file.</param>
    public static void WriteModel(TrainableModel model, string baseFolder, string folder, ElementType type)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var changes = model.Adapters.ToDictionary(adapter => adapter.Module + ".weight");
        var adapterWeights = model.Adapters.SelectMany(adapter => new[] { adapter.Down, adapter.Up }).ToHashSet();
        var tensors = model.Weights.Where(weight => !adapterWeights.Contains(weight)).SelectMany(weight => Parts(weight, weight.Master ?? weight.Compute))
            .Select(part => TensorContents.Of(
                part.Name, part.Value.shape, () => changes.TryGetValue(part.Name, out var change) ? Merged(part.Value, change) : part.Value.alias(), type))
            .ToList();
        // A value head stands beside the output layer, not in its place: the folder still loads as the language model it was.
        using var original = CheckpointReader.Open(baseFolder);
        if (model.HasValueHead && !model.Config.TiedEmbeddings)
        {
            var source = Weights.From(original, new(CPU, TrainableModelBuilder.MasterType(model.Target)));
            long[] shape = [model.Config.VocabularySize, model.Config.HiddenSize];
            tensors.Add(TensorContents.Of("lm_head.weight", shape, () => source("lm_head.weight", shape), type));
        }

        CheckpointWriter.Write(folder, baseFolder, tensors);
    }

    /// <summary>Writes the adapter alone.</summary>
    /// <param name="model">A model with adapters.</param>
    /// <param name="options">What kind they are of.</param>
    /// <param name="baseFolder">The folder of the model under them; its path is written down.</param>
    /// <param name="folder">Created; must not exist.</param>
    public static void WriteAdapter(TrainableModel model, LoraOptions options, string baseFolder, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        var weights = model.Adapters.SelectMany(adapter => new[] { adapter.Down, adapter.Up });
        SafetensorsWriter.Write(
            Path.Combine(folder, PeftAdapter.WeightsFile),
            [.. weights.SelectMany(weight => Parts(weight, weight.Master!)).Select(part => TensorContents.Of(part.Name, part.Value, ElementType.Float32))]);
        File.WriteAllText(Path.Combine(folder, PeftAdapter.ConfigFile), PeftAdapter.WriteOptions(options, Path.GetFullPath(baseFolder)));
        foreach (var name in TokenizerFiles.Where(name => File.Exists(Path.Combine(baseFolder, name))))
            File.WriteAllBytes(Path.Combine(folder, name), File.ReadAllBytes(Path.Combine(baseFolder, name)));
    }

    /// <summary>A fused weight's values under the checkpoint's names.</summary>
    internal static IEnumerable<(string Name, Tensor Value)> Parts(TrainableWeight weight, Tensor values) =>
        weight.Parts.Select(part => (part.Name, values.narrow(0, part.Start, part.Count)));

    private static Tensor Merged(Tensor weight, LoraAdapter change) =>
        weight.to(change.Up.Master!.dtype).Plus(change.Up.Master.matmul(change.Down.Master!), change.Scale);
}
