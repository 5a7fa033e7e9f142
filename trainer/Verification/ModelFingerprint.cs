using System.Security.Cryptography;

namespace GenPrm.Trainer.Verification;

/// <summary>A short name of a folder's weights: another one for other weights under the same path.</summary>
public static class ModelFingerprint
{
    private const int Sampled = 1 << 20;

    /// <param name="folder">A model's folder. Of large files the beginning and the end are read.</param>
    public static string Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Sampled];
        foreach (var file in Directory.EnumerateFiles(folder, "*.safetensors").Append(Path.Combine(folder, "config.json")).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(BitConverter.GetBytes(stream.Length));
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, Sampled, throwOnEndOfStream: false));
            stream.Seek(Math.Max(0, stream.Length - Sampled), SeekOrigin.Begin);
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, Sampled, throwOnEndOfStream: false));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
