using System.Formats.Tar;
using System.Reflection;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using GenPrm.Core.Execution;

namespace GenPrm.Sandbox.Setup;

/// <summary>The image's definition, as this build carries it, and its name.</summary>
public static class SandboxImage
{
    private const string Prefix = "image/";

    /// <summary>What the image is named: it changes with every byte of the definition, so that a guest is never paired with another host.</summary>
    public static string Tag { get; } = $"genprm-sandbox:{Hash()}";

    /// <summary>The definition's files, by name: <c>Dockerfile</c>, <c>finish.sh</c>, <c>guest.py</c>.</summary>
    internal static IReadOnlyDictionary<string, byte[]> Files { get; } = Read();

    /// <summary>The folder of the image that holds the guest.</summary>
    internal const string GuestFolder = "opt/genprm";

    /// <summary>Whether the engine has it.</summary>
    internal static async Task<bool> ExistsAsync(IDockerClient docker, SandboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Images.InspectImageAsync(options.Image ?? Tag, cancellationToken);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    /// <exception cref="SandboxUnavailableException">The engine does not have it.</exception>
    internal static async Task RequireAsync(IDockerClient docker, SandboxOptions options, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(docker, options, cancellationToken))
            throw new SandboxUnavailableException($"The Docker engine has no image {options.Image ?? Tag}. `genprm run` makes it (`--yes`: without asking).");
    }

    /// <summary>Builds it from its Dockerfile.</summary>
    /// <exception cref="SandboxUnavailableException">The build failed, with its last words.</exception>
    internal static async Task BuildAsync(IDockerClient docker, Action<string> say, CancellationToken cancellationToken)
    {
        using var context = new MemoryStream();
        await using (var tar = new TarWriter(context, leaveOpen: true))
        {
            foreach (var (name, bytes) in Files)
            {
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes), Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead },
                    cancellationToken);
            }
        }
        context.Position = 0;
        string? error = null;
        var progress = new Progress<JSONMessage>(message =>
        {
            error ??= message.Error?.Message;
            if (message.Stream is { } line && line.StartsWith("Step ", StringComparison.Ordinal))
                say(line.Trim());
        });
        // The build fetches packages: the host's network, since the engine may have none of its own.
        var parameters = new ImageBuildParameters { Tags = [Tag], NetworkMode = "host", Remove = true, ForceRemove = true };
        await docker.Images.BuildImageFromDockerfileAsync(parameters, context, [], new Dictionary<string, string>(), progress, cancellationToken);
        if (!await ExistsAsync(docker, new SandboxOptions(), cancellationToken))
            throw new SandboxUnavailableException($"The sandbox image was not built: {error ?? "the engine does not say why"}");
    }

    /// <summary>Imports a root file system, as a tar stream.</summary>
    internal static Task ImportAsync(IDockerClient docker, Stream tar, CancellationToken cancellationToken)
    {
        var name = Tag.Split(':');
        var parameters = new ImagesCreateParameters { FromSrc = "-", Repo = name[0], Tag = name[1] };
        return docker.Images.CreateImageAsync(parameters, tar, new AuthConfig(), new Progress<JSONMessage>(), cancellationToken);
    }

    private static Dictionary<string, byte[]> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(
                name => name[Prefix.Length..],
                name =>
                {
                    using var resource = assembly.GetManifestResourceStream(name)!;
                    using var bytes = new MemoryStream();
                    resource.CopyTo(bytes);
                    return bytes.ToArray();
                });
    }

    private static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in Read())
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{name} {bytes.Length}\n"));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
