using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace GenPrm.Model.Checkpoints;

/// <summary>The tensors of a model folder: one <c>model.safetensors</c>, or shards named by <c>model.safetensors.index.json</c>.</summary>
/// <remarks>Bytes are read straight to where they are wanted, not mapped: a file that shrinks while it is read is then an error and not
/// the end of the process. Safe for concurrent reads.</remarks>
public sealed class CheckpointReader : IDisposable
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";
    private const int LargestRead = 1 << 30;

    private readonly Dictionary<string, SafeFileHandle> files = [];
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly string folder;

    private CheckpointReader(string folder) => this.folder = folder;

    /// <summary>Every tensor by its name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <summary>Opens a folder and checks the layout of every file in it.</summary>
    /// <exception cref="CheckpointException">Weights are missing, or a file is truncated or corrupt.</exception>
    public static CheckpointReader Open(string folder)
    {
        var reader = new CheckpointReader(folder);
        try
        {
            if (File.Exists(Path.Combine(folder, SingleFile)) || File.Exists(Path.Combine(folder, SingleFile + ".xz")))
                reader.AddSingle();
            else if (File.Exists(Path.Combine(folder, IndexFile)))
                reader.AddShards();
            else
                throw NoWeights(folder);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Opens one safetensors file that is not a whole model, such as an adapter or an optimizer's state.</summary>
    /// <exception cref="CheckpointException">It is missing, truncated or corrupt.</exception>
    public static CheckpointReader OpenLone(string file)
    {
        var reader = new CheckpointReader(Path.GetDirectoryName(file) ?? "");
        try
        {
            foreach (var tensor in reader.OpenFile(Path.GetFileName(file)))
                reader.tensors.Add(tensor.Name, tensor);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The entry of a tensor that the model needs.</summary>
    /// <exception cref="CheckpointException">There is none, or it has another shape.</exception>
    public TensorEntry Find(string name, params ReadOnlySpan<long> shape)
    {
        if (!tensors.TryGetValue(name, out var entry))
            throw new CheckpointException($"{folder}: tensor {name} is missing");
        return entry.Shape.AsSpan().SequenceEqual(shape)
            ? entry
            : throw new CheckpointException($"{entry.File}: tensor {name} has shape [{string.Join(", ", entry.Shape)}], config.json asks for [{string.Join(", ", shape.ToArray())}]");
    }

    /// <summary>Reads a tensor's bytes, as they are stored, to <paramref name="destination"/>, which must have
    /// <see cref="TensorEntry.ByteLength"/> bytes.</summary>
    public unsafe void Read(TensorEntry entry, nint destination)
    {
        for (long done = 0; done < entry.ByteLength;)
        {
            var length = (int)Math.Min(LargestRead, entry.ByteLength - done);
            Read(entry, done, new Span<byte>((void*)(destination + (nint)done), length));
            done += length;
        }
    }

    /// <summary>A tensor's bytes as they are stored.</summary>
    public byte[] Read(TensorEntry entry)
    {
        var bytes = new byte[entry.ByteLength];
        Read(entry, 0, bytes);
        return bytes;
    }

    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
        files.Clear();
    }

    private void Read(TensorEntry entry, long start, Span<byte> destination)
    {
        try
        {
            while (destination.Length > 0)
            {
                var read = RandomAccess.Read(files[entry.File], destination, entry.Offset + start);
                if (read == 0)
                    throw new CheckpointException($"{entry.File}: the file ends inside tensor {entry.Name}; it was shortened while it was read");
                destination = destination[read..];
                start += read;
            }
        }
        catch (IOException error)
        {
            throw new CheckpointException($"{entry.File}: tensor {entry.Name} can not be read: {error.Message}", error);
        }
    }

    private void AddSingle()
    {
        foreach (var tensor in OpenFile(SingleFile))
            tensors.Add(tensor.Name, tensor);
    }

    private void AddShards()
    {
        var index = Path.Combine(folder, IndexFile);
        var map = ConfigObject.Read(index).Object("weight_map") ?? throw new CheckpointException($"{index}: weight_map is missing");
        var wanted = map.Fields.Select(field => (Tensor: field.Name, Shard: ShardName(index, field))).ToList();
        var shards = wanted.Select(pair => pair.Shard).Distinct(StringComparer.Ordinal).ToDictionary(
            shard => shard,
            shard => OpenFile(shard).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal),
            StringComparer.Ordinal);
        foreach (var (name, shard) in wanted)
        {
            tensors.Add(name, shards[shard].TryGetValue(name, out var tensor)
                ? tensor
                : throw new CheckpointException($"{Path.Combine(folder, shard)}: tensor {name} is missing, though {IndexFile} says that it is there"));
        }
    }

    /// <summary>A shard lies in the folder itself: an index can not lead anywhere else.</summary>
    private static string ShardName(string index, JsonProperty field)
    {
        var shard = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : "";
        return shard.Length > 0 && shard == Path.GetFileName(shard) && shard is not ("." or "..") && !shard.Contains('\\', StringComparison.Ordinal)
            ? shard
            : throw new CheckpointException($"{index}: tensor {field.Name} is said to be in {field.Value.GetRawText()}, which is not the name of a file in this folder");
    }

    private List<TensorEntry> OpenFile(string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new CheckpointException(File.Exists(path + ".xz")
                ? $"{path}: is stored compressed; lay the folder out whole first (xz -d, or the `unpack` beside it)"
                : $"{path}: is missing");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var entries = SafetensorsHeader.Read(path, stream);
            files.Add(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read));
            return entries;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: can not be read: {error.Message}", error);
        }
    }

    private static CheckpointException NoWeights(string folder)
    {
        if (!Directory.Exists(folder))
            return new CheckpointException($"{folder}: no such model folder");
        var pickled = Directory.EnumerateFiles(folder, "*.bin").Concat(Directory.EnumerateFiles(folder, "*.pt")).FirstOrDefault();
        return new CheckpointException(pickled is null
            ? $"{folder}: holds neither {SingleFile} nor {IndexFile}"
            : $"{folder}: holds {Path.GetFileName(pickled)} but no safetensors; pickled weights are not read, take the safetensors release");
    }
}
