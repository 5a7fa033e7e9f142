using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.Checkpoints;

public sealed class ModelConfigTests
{
    private const string Llama = """
        { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 48, "intermediate_size": 128, "num_attention_heads": 6,
          "num_hidden_layers": 4, "num_key_value_heads": 2, "vocab_size": 1024, "eos_token_id": [7, 8] }
        """;

    [Theory]
    [MemberData(nameof(Models))]
    public void Load_ModelFolder_AgreesWithTheShapesOfItsWeights(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var config = ModelConfig.Load(folder);
        using var weights = CheckpointReader.Open(folder);

        weights.Find("model.embed_tokens.weight", config.VocabularySize, config.HiddenSize);
        Assert.Equal(config.ParameterCount, weights.Tensors.Values.Where(tensor => !(config.TiedEmbeddings && tensor.Name == "lm_head.weight"))
            .Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.NotEmpty(config.EndTokens);
        if (config.DeclaredType is { } type)
            Assert.All(weights.Tensors.Values, tensor => Assert.Equal(type, tensor.Type));
    }

    public static TheoryData<string> Models() => TestMaterial.ModelsWith("reference.json");

    [Fact]
    public void Load_FieldsLeftOut_HaveTheFamilysDefaults()
    {
        var config = Load(Llama);
        Assert.Equal((8, 1e-6, 10000.0, 2048), (config.HeadSize, config.RmsNormEpsilon, config.RopeTheta, config.MaxPositions));
        Assert.False(config.TiedEmbeddings || config.QueryKeyValueBias || config.AttentionOutputBias || config.FeedForwardBias || config.QueryKeyNorms);
        Assert.Equal([7, 8], config.EndTokens);

        var qwen3 = Load("""{ "model_type": "qwen3", "hidden_size": 64, "intermediate_size": 8, "num_attention_heads": 32, "num_hidden_layers": 1, "vocab_size": 9 }""");
        Assert.Equal((128, 32, true), (qwen3.HeadSize, qwen3.KeyValueHeadCount, qwen3.QueryKeyNorms));
        Assert.Empty(qwen3.EndTokens);
    }

    [Fact]
    public void Load_BothSpellingsOfRopeScaling_AreTheSame()
    {
        const string Values = "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192";
        var older = Load(With($"\"rope_theta\": 500000.0, \"rope_scaling\": {{ \"rope_type\": \"llama3\", {Values} }}"));
        var newer = Load(With($"\"rope_parameters\": {{ \"rope_theta\": 500000.0, \"rope_type\": \"llama3\", {Values} }}"));
        Assert.Equal(new Llama3RopeScaling(8, 1, 4, 8192), older.RopeScaling);
        Assert.Equal((older.RopeScaling, older.RopeTheta), (newer.RopeScaling, newer.RopeTheta));
    }

    [Fact]
    public void Load_GenerationConfig_GivesTheEndTokens()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Llama);
        folder.Write("generation_config.json", """{ "eos_token_id": 3 }""");
        Assert.Equal([3], ModelConfig.Load(folder.Path).EndTokens);
    }

    [Theory]
    [InlineData("\"model_type\": \"mistral\"", "mistral")]
    [InlineData("\"architectures\": [\"LlamaForSequenceClassification\"]", "LlamaForSequenceClassification")]
    [InlineData("\"hidden_act\": \"gelu\"", "gelu")]
    [InlineData("\"rope_scaling\": { \"type\": \"yarn\", \"factor\": 4.0 }", "yarn")]
    [InlineData("\"rope_scaling\": { \"rope_type\": \"llama3\" }", "factor")]
    [InlineData("\"rope_parameters\": { \"full_attention\": { \"rope_theta\": 1e4 } }", "full_attention")]
    [InlineData("\"quantization_config\": { \"quant_method\": \"awq\" }", "awq")]
    [InlineData("\"partial_rotary_factor\": 0.5", "partial_rotary_factor")]
    [InlineData("\"layer_types\": [\"full_attention\", \"sliding_attention\"]", "sliding_attention")]
    [InlineData("\"model_type\": \"qwen2\", \"architectures\": null, \"use_sliding_window\": true, \"max_window_layers\": 2", "use_sliding_window")]
    [InlineData("\"num_key_value_heads\": 4", "num_key_value_heads")]
    [InlineData("\"num_attention_heads\": 5, \"num_key_value_heads\": 5", "hidden_size")]
    [InlineData("\"head_dim\": 7", "head_dim")]
    [InlineData("\"hidden_size\": -1", "hidden_size")]
    [InlineData("\"hidden_size\": 48.5", "hidden_size")]
    [InlineData("\"hidden_size\": null", "hidden_size")]
    [InlineData("\"rms_norm_eps\": 0", "rms_norm_eps")]
    [InlineData("\"rms_norm_eps\": \"small\"", "rms_norm_eps")]
    [InlineData("\"eos_token_id\": [1, \"x\"]", "eos_token_id")]
    [InlineData("\"tie_word_embeddings\": 1", "tie_word_embeddings")]
    public void Load_WhatItDoesNotKnow_IsRefusedByName(string fields, string named)
    {
        var error = Assert.Throws<CheckpointException>(() => Load(With(fields)));
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{ \"model_type\": \"llama\", \"model_type\": \"qwen2\" }")]
    public void Load_BrokenJson_NamesTheFile(string json) =>
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(() => Load(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NoFolder_SaysSo() =>
        Assert.Contains("no such model folder", Assert.Throws<CheckpointException>(() => ModelConfig.Load("/nowhere/at/all")).Message, StringComparison.Ordinal);

    /// <summary>The Llama above with fields replaced or added.</summary>
    private static string With(string fields)
    {
        var merged = System.Text.Json.Nodes.JsonNode.Parse(Llama)!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse("{" + fields + "}")!.AsObject())
            merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }

    private static ModelConfig Load(string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", json);
        return ModelConfig.Load(folder.Path);
    }
}
