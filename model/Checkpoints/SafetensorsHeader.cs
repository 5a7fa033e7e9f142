using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Model.Checkpoints;

/// <summary>Reads and checks the table at the start of a safetensors file: 8 bytes with the header's length (little endian), the header
/// as JSON, then the tensors' bytes without a gap. The file is not trusted.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors. The limit of the header's length is that library's.</remarks>
internal static class SafetensorsHeader
{
    private const int LargestHeader = 100_000_000;
    private const int MostDimensions = 16;

    public static List<TensorEntry> Read(string file, Stream stream)
    {
        var fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (fileLength < prefix.Length)
            throw new CheckpointException($"{file}: {fileLength} bytes are too few for a safetensors file; it is truncated");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader)
            throw new CheckpointException($"{file}: the header claims {length:N0} bytes, more than the {LargestHeader:N0} allowed; this is not a safetensors file, or it is corrupt");
        if ((long)length > fileLength - prefix.Length)
            throw new CheckpointException($"{file}: the header claims {length:N0} bytes, the file has {fileLength:N0} in all; it is truncated or corrupt");
        var header = new byte[length];
        stream.ReadExactly(header);
        var dataStart = prefix.Length + (long)length;
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{file}: the header is not a JSON object");
            var tensors = document.RootElement.EnumerateObject().Where(field => field.Name != "__metadata__")
                .Select(field => ReadEntry(file, field.Name, field.Value, dataStart)).ToList();
            CheckLayout(file, tensors, dataStart, fileLength);
            return tensors;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{file}: the header is not valid JSON: {error.Message}", error);
        }
    }

    private static TensorEntry ReadEntry(string file, string name, JsonElement entry, long dataStart)
    {
        CheckpointException Corrupt(string fact) => new($"{file}: tensor {name}: {fact}; the file is corrupt");

        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var format) || format.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !entry.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
        {
            throw Corrupt("its entry lacks dtype, shape or data_offsets");
        }

        if (shape.GetArrayLength() > MostDimensions)
            throw Corrupt($"it has {shape.GetArrayLength()} dimensions");
        var sizes = shape.EnumerateArray().Select(size => Whole(size) ?? throw Corrupt($"its shape {shape.GetRawText()} is not of whole numbers")).ToImmutableArray();
        if (Whole(offsets[0]) is not { } begin || Whole(offsets[1]) is not { } end || end < begin || end > long.MaxValue - dataStart)
            throw Corrupt($"its data_offsets are {offsets.GetRawText()}");

        var bits = (UInt128)(uint)ElementTypes.BitsOf(format.GetString()!);
        if (bits == 0)
            throw Corrupt($"its dtype {format.GetRawText()} is not one of the format's");
        foreach (var size in sizes)
        {
            bits *= (ulong)size;
            if (bits > long.MaxValue)
                throw Corrupt($"its shape {shape.GetRawText()} is larger than any file");
        }

        if (bits % 8 != 0 || bits / 8 != (UInt128)(end - begin))
            throw Corrupt($"its shape {shape.GetRawText()} in {format.GetString()} needs {bits / 8} bytes, its data_offsets give {end - begin}");
        return new TensorEntry(name, format.GetString()!, sizes, file, dataStart + begin, end - begin);
    }

    /// <summary>The tensors must fill the rest of the file, each beginning where the one before ends.</summary>
    private static void CheckLayout(string file, List<TensorEntry> tensors, long dataStart, long fileLength)
    {
        var position = dataStart;
        TensorEntry? before = null;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength))
        {
            if (tensor.Offset < position)
                throw new CheckpointException($"{file}: tensor {tensor.Name} overlaps tensor {before!.Name}; the file is corrupt");
            if (tensor.Offset > position)
                throw new CheckpointException($"{file}: {tensor.Offset - position} bytes before tensor {tensor.Name} belong to no tensor; the file is corrupt");
            position += tensor.ByteLength;
            if (position > fileLength)
                throw new CheckpointException($"{file}: tensor {tensor.Name} ends at byte {position:N0}, the file at {fileLength:N0}; it is truncated, fetch it again");
            before = tensor;
        }

        if (position != fileLength)
            throw new CheckpointException($"{file}: {fileLength - position} bytes after the last tensor belong to none; the file is corrupt");
    }

    private static long? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
