using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Training;

/// <summary>An adapter in PEFT's layout: <c>adapter_config.json</c> beside <c>adapter_model.safetensors</c>.</summary>
public static class PeftAdapter
{
    public const string ConfigFile = "adapter_config.json";
    public const string WeightsFile = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";

    /// <summary>Reads what kind of adapter it is.</summary>
    /// <exception cref="CheckpointException">It is of a kind that is not known, named.</exception>
    public static LoraOptions ReadOptions(string folder)
    {
        var file = Path.Combine(folder, ConfigFile);
        var config = ConfigObject.Read(file);
        if (config.Text("peft_type") is not "LORA")
            throw config.Refuse("peft_type", $"'{config.Text("peft_type")}' is not known; only LORA is");
        foreach (var flag in (string[])["use_dora", "use_rslora", "use_qalora", "fan_in_fan_out", "lora_bias", "use_bdlora"])
        {
            if (config.Flag(flag, false))
                throw config.Refuse(flag, "is not known");
        }

        if (config.Text("bias") is { } bias and not "none")
            throw config.Refuse("bias", $"'{bias}' is not known; only none is");
        foreach (var field in (string[])["rank_pattern", "alpha_pattern"])
        {
            if (config.Object(field)?.Fields.Any() == true)
                throw config.Refuse(field, "a rank or alpha of its own for some modules is not known");
        }

        foreach (var field in (string[])["modules_to_save", "layers_to_transform", "layers_pattern", "layer_replication", "target_parameters", "trainable_token_indices", "exclude_modules"])
        {
            if (config.Find(field) is { ValueKind: not JsonValueKind.Null } value && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
                throw config.Refuse(field, "is not known");
        }

        if (config.Find("target_modules") is not { ValueKind: JsonValueKind.Array } targets)
            throw config.Refuse("target_modules", "must be a list of projections");
        var options = new LoraOptions
        {
            Rank = config.Size("r", most: 1 << 16),
            Alpha = config.PositiveNumber("lora_alpha"),
            Targets = [.. targets.EnumerateArray().Select(target => target.ToString()).Order(StringComparer.Ordinal)],
        };
        return options.Targets.FirstOrDefault(target => !LoraOptions.AllTargets.Contains(target)) is { } unknown
            ? throw config.Refuse("target_modules", $"'{unknown}' is not known; known are {string.Join(", ", LoraOptions.AllTargets)}")
            : options;
    }

    /// <summary>The text of <c>adapter_config.json</c>.</summary>
    public static string WriteOptions(LoraOptions options, string baseModel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var config = new Dictionary<string, object?>
        {
            ["base_model_name_or_path"] = baseModel,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["lora_alpha"] = options.Alpha,
            ["lora_dropout"] = 0.0,
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = options.Rank,
            ["target_modules"] = options.Targets.ToArray(),
            ["task_type"] = "CAUSAL_LM",
            ["use_dora"] = false,
            ["use_rslora"] = false,
        };
        return JsonSerializer.Serialize(config, Indented) + "\n";
    }

    internal static string DownName(string module) => $"{Prefix}{module}.lora_A.weight";

    internal static string UpName(string module) => $"{Prefix}{module}.lora_B.weight";

    internal static CheckpointReader OpenWeights(string folder) => CheckpointReader.OpenLone(Path.Combine(folder, WeightsFile));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
