using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Model.Checkpoints;

/// <summary>A tensor to be written.</summary>
/// <param name="Write">Writes its numbers in row-major order, little endian: exactly <see cref="ByteLength"/> bytes.</param>
public sealed record TensorContent(string Name, ElementType Type, ImmutableArray<long> Shape, Action<Stream> Write)
{
    public long ByteLength => Shape.Aggregate((long)Type.ByteSize(), (product, size) => checked(product * size));
}

/// <summary>Writes one safetensors file.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Tensors lie in this order: wide numbers first, so that each begins at a multiple of its number's size.</summary>
    public static IEnumerable<TensorContent> InOrder(IEnumerable<TensorContent> tensors) =>
        tensors.OrderByDescending(tensor => tensor.Type.ByteSize()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal);

    public static void Write(string file, IReadOnlyList<TensorContent> tensors)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        var header = Header(tensors);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            var start = stream.Position;
            tensor.Write(stream);
            if (stream.Position - start != tensor.ByteLength)
                throw new InvalidOperationException($"tensor {tensor.Name} wrote {stream.Position - start} bytes, its shape and type have {tensor.ByteLength}");
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>The table of contents, filled up with blanks to a multiple of 8 bytes.</summary>
    private static byte[] Header(IReadOnlyList<TensorContent> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.SafetensorsName());
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.ByteLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
