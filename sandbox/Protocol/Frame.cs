using System.Buffers.Binary;

namespace GenPrm.Sandbox.Protocol;

/// <summary>What the host and process 1 of a container say to each other: one byte kind, four bytes length, payload. The kinds are listed
/// at the top of <c>image/guest.py</c>.</summary>
internal readonly record struct Frame(char Kind, byte[] Payload)
{
    public const int HeaderBytes = 5;

    /// <summary>The largest payload that process 1 sends: one chunk of output.</summary>
    public const int MostPayload = 1 << 16;

    public const char Block = 'B', Kill = 'K', Sweep = 'S';

    public const char Ready = 'R', Output = 'O', Ended = 'D', Exited = 'X', Flooded = 'L', Killed = 'K', Clean = 'C', Unclean = 'U';

    public static byte[] Encode(char kind, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HeaderBytes + payload.Length];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), payload.Length);
        payload.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    /// <summary>A block to run: the limit of its output, then its code.</summary>
    public static byte[] EncodeBlock(int outputBytes, ReadOnlySpan<byte> code)
    {
        var payload = new byte[4 + code.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, outputBytes);
        code.CopyTo(payload.AsSpan(4));
        return Encode(Block, payload);
    }
}

/// <summary>Cuts a stream of bytes into frames, however it arrives.</summary>
internal sealed class FrameParser
{
    private readonly byte[] header = new byte[Frame.HeaderBytes];
    private int headerFilled;
    private byte[] payload = [];
    private int payloadFilled;

    /// <summary>Takes the next bytes and adds the frames that they complete.</summary>
    /// <exception cref="InvalidDataException">A length that process 1 never sends.</exception>
    public void Take(ReadOnlySpan<byte> bytes, ICollection<Frame> frames)
    {
        while (!bytes.IsEmpty)
        {
            if (headerFilled < Frame.HeaderBytes)
            {
                var taken = Math.Min(bytes.Length, Frame.HeaderBytes - headerFilled);
                bytes[..taken].CopyTo(header.AsSpan(headerFilled));
                headerFilled += taken;
                bytes = bytes[taken..];
                if (headerFilled < Frame.HeaderBytes)
                    return;
                var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
                if (length is < 0 or > Frame.MostPayload)
                    throw new InvalidDataException($"A frame '{(char)header[0]}' of {length} bytes came from the container; at most {Frame.MostPayload} are possible.");
                payload = new byte[length];
                payloadFilled = 0;
            }
            var rest = Math.Min(bytes.Length, payload.Length - payloadFilled);
            bytes[..rest].CopyTo(payload.AsSpan(payloadFilled));
            payloadFilled += rest;
            bytes = bytes[rest..];
            if (payloadFilled < payload.Length)
                return;
            frames.Add(new Frame((char)header[0], payload));
            headerFilled = 0;
        }
    }
}
