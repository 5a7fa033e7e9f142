using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Checking;

/// <summary>Loads a model folder and compares it with the expected results that lie in it: <c>reference.json</c>,
/// <c>golden_encodings.jsonl</c>, <c>golden_chat.jsonl</c>. A folder without any is loaded, whole, and that is all.</summary>
public static class ModelCheck
{
    /// <param name="open">Loads the model in float32 for a forward pass; not called for a folder of a tokenizer or of templates alone.</param>
    /// <exception cref="CheckpointException">An expected result can not be read. What is wrong with the model itself is a finding.</exception>
    public static CheckReport Run(string folder, Func<string, IForwardPass> open, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException($"{folder}: no such folder");
        var loading = new FindingBuilder("loading");
        var config = Has("config.json") || Has(ReferenceCheck.File) || !(Has("tokenizer.json") || Has(ChatCheck.File)) ? Load(() => ModelConfig.Load(folder)) : null;
        var tokenizer = Has("tokenizer.json") || config is not null ? Load(() => Tokenizer.Load(folder)) : null;
        if (Has("chat_template.jinja") || Has("tokenizer_config.json"))
            Load(() => HasTemplate(folder) ? ChatTemplate.Load(folder) : null);
        using var model = config is null ? null : Load(() => open(folder));
        if (model is not null)
            Load(() => TriedOnce(model));
        if (config is not null && tokenizer is not null)
            loading.Require(tokenizer.VocabularySize <= config.VocabularySize, () => $"the tokenizer has {tokenizer.VocabularySize} tokens, the model {config.VocabularySize}");

        var findings = ImmutableArray.CreateBuilder<CheckFinding>();
        findings.Add(loading.Build());
        if (Has(ReferenceCheck.File) && config is not null && tokenizer is not null && model is not null)
            findings.AddRange(ReferenceCheck.Run(folder, config, tokenizer, model, cancellationToken));
        if (Has(EncodingCheck.File) && tokenizer is not null)
            findings.Add(EncodingCheck.Run(folder, tokenizer));
        if (Has(ChatCheck.File))
            findings.Add(ChatCheck.Run(folder, tokenizer));
        return new CheckReport(folder, Describe(config, tokenizer), findings.ToImmutable());

        bool Has(string file) => File.Exists(Path.Combine(folder, file));

        T? Load<T>(Func<T?> read)
            where T : class
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var loaded = read();
                loading.Require(true, () => "");
                return loaded;
            }
            catch (CheckpointException error)
            {
                loading.Require(false, () => error.Message);
                return null;
            }
        }
    }

    /// <summary>A model that gives no finite numbers for one token is not whole.</summary>
    private static IForwardPass TriedOnce(IForwardPass model)
    {
        var finite = true;
        model.Run([0], (_, row) =>
        {
            foreach (var logit in row)
                finite &= float.IsFinite(logit);
        });
        return finite ? model : throw new CheckpointException("the model's logits are not finite numbers; its weights are damaged");
    }

    private static bool HasTemplate(string folder) => File.Exists(Path.Combine(folder, "chat_template.jinja"))
        || (File.Exists(Path.Combine(folder, "tokenizer_config.json")) && ConfigObject.Read(Path.Combine(folder, "tokenizer_config.json")).Has("chat_template"));

    private static string Describe(ModelConfig? config, Tokenizer? tokenizer) => config is not null
        ? string.Create(CultureInfo.InvariantCulture, $"{config.Architecture}, {config.ParameterCount / 1e6:0.0} M parameters, {config.LayerCount} layers, {config.MaxPositions} positions")
        : tokenizer is not null ? $"a tokenizer of {tokenizer.VocabularySize} tokens" : "chat templates";
}
