using System.Text.Json;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Chat;

/// <summary>Finds a folder's chat template and the special tokens that it may write.</summary>
internal static class ChatTemplateFiles
{
    public static (string Source, string Origin, IReadOnlyDictionary<string, string> SpecialTokens) Read(string folder)
    {
        var (file, configFile) = (Path.Combine(folder, "chat_template.jinja"), Path.Combine(folder, "tokenizer_config.json"));
        var config = File.Exists(configFile) ? ConfigObject.Read(configFile) : null;
        var specialTokens = TokenizerConfig.Roles.Select(role => (Role: role, Text: config is null ? null : TokenizerConfig.TokenText(config, role)))
            .Where(pair => pair.Text is not null)
            .ToDictionary(pair => pair.Role, pair => pair.Text!, StringComparer.Ordinal);
        if (File.Exists(file))
            return (ConfigObject.ReadText(file), file, specialTokens);
        return Find(config) is { } source
            ? (source, configFile, specialTokens)
            : throw new CheckpointException($"{folder}: has no chat template, neither chat_template.jinja nor chat_template in tokenizer_config.json; take the model's instruct release, or add one");
    }

    /// <summary>The template itself, or of several with names the one called default.</summary>
    private static string? Find(ConfigObject? config)
    {
        if (config?.Find("chat_template") is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        return config.Objects("chat_template").FirstOrDefault(named => named.Text("name") == "default")?.Text("template")
            ?? throw config.Refuse("chat_template", "none of its templates is called 'default'");
    }
}
