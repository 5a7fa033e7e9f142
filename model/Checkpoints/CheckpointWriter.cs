using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenPrm.Model.Checkpoints;

/// <summary>Writes whole Hugging Face folders: <c>config.json</c>, safetensors in shards with their index, and the tokenizer's files.</summary>
/// <remarks>A folder is written aside and gets its name when all of it is on disk (<see cref="DurableFolder"/>): at no moment is there half a
/// checkpoint under its name, or none where there was one. One writer at a time for a folder.</remarks>
public static class CheckpointWriter
{
    /// <summary>Files besides weights and <c>config.json</c> that belong to a model and are taken over as they are.</summary>
    private static readonly string[] Companions =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja", "generation_config.json", "LICENSE"];

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Writes a checkpoint like another one, with other weights.</summary>
    /// <param name="folder">Where to; replaced if it exists.</param>
    /// <param name="like">The folder whose configuration and tokenizer it has.</param>
    /// <param name="tensors">All of its weights.</param>
    /// <param name="largestShard">Bytes of weights a file; a larger tensor has a file of its own.</param>
    /// <exception cref="CheckpointException">The other folder can not be read, or nothing can be written there.</exception>
    public static void Write(string folder, string like, IReadOnlyCollection<TensorContent> tensors, long largestShard = 5_000_000_000)
    {
        var config = ConfigObject.ReadText(Path.Combine(like, "config.json"));
        var companions = Companions.Where(name => File.Exists(Path.Combine(like, name))).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(like, name)));
        Write(folder, config, companions, tensors, largestShard);
    }

    /// <summary>Writes a checkpoint from its parts.</summary>
    /// <param name="config">The text of <c>config.json</c>; the number format that it names is set to the weights' own.</param>
    /// <param name="companions">Other files, by name.</param>
    public static void Write(string folder, string config, IReadOnlyDictionary<string, byte[]> companions, IReadOnlyCollection<TensorContent> tensors, long largestShard = 5_000_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(largestShard);
        if (tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"tensor {twice.Key} is given twice", nameof(tensors));
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var aside = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.writing");
        try
        {
            DurableFolder.Recover(aside, folder);
            DurableFolder.Remove(aside);
            Directory.CreateDirectory(aside);
            foreach (var (name, bytes) in companions)
                WriteFile(Path.Combine(aside, name), bytes);
            WriteFile(Path.Combine(aside, "config.json"), JsonSerializer.SerializeToUtf8Bytes(WithType(config, tensors), Readable));
            WriteShards(aside, [.. SafetensorsWriter.InOrder(tensors)], largestShard);
            DurableFolder.Publish(aside, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{folder}: can not be written: {error.Message}", error);
        }
    }

    private static void WriteShards(string folder, List<TensorContent> tensors, long largestShard)
    {
        var shards = new List<List<TensorContent>> { new() };
        long filled = 0;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && filled + tensor.ByteLength > largestShard)
            {
                shards.Add([]);
                filled = 0;
            }

            shards[^1].Add(tensor);
            filled += tensor.ByteLength;
        }

        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), shards[0]);
            return;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var shard = 0; shard < shards.Count; shard++)
        {
            var name = $"model-{shard + 1:00000}-of-{shards.Count:00000}.safetensors";
            SafetensorsWriter.Write(Path.Combine(folder, name), shards[shard]);
            foreach (var tensor in shards[shard])
                map.Add(tensor.Name, name);
        }

        var index = new { metadata = new { total_size = tensors.Sum(tensor => tensor.ByteLength) }, weight_map = map };
        WriteFile(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.SerializeToUtf8Bytes(index, Readable));
    }

    /// <summary>The configuration with <c>dtype</c>, or <c>torch_dtype</c> as it is spelled there, of the weights.</summary>
    private static JsonObject WithType(string config, IReadOnlyCollection<TensorContent> tensors)
    {
        var root = JsonNode.Parse(config)!.AsObject();
        if (tensors.Select(tensor => tensor.Type).Distinct().ToList() is [var type])
        {
            root[root.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = type switch
            {
                ElementType.BFloat16 => "bfloat16",
                ElementType.Float16 => "float16",
                _ => "float32",
            };
        }

        return root;
    }

    private static void WriteFile(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
