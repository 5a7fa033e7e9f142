using Docker.DotNet;

namespace GenPrm.Sandbox.Setup;

/// <summary>The image without a registry: Debian's own packages, laid out by debootstrap, finished by the Dockerfile's script, imported.</summary>
/// <remarks>Needs root and a Debian-like machine. About a minute and 300 MB in <c>/var/tmp</c> meanwhile.</remarks>
internal static class DebianRootFileSystem
{
    // As in the Dockerfile.
    private const string Release = "bookworm";
    private const string Packages = "python3-minimal,python3-sympy,python3-numpy";

    /// <summary>What a person would type for it.</summary>
    public static string Command =>
        $"debootstrap --variant=minbase --include={Packages} {Release} DIR && chroot DIR sh /{SandboxImage.GuestFolder}/finish.sh && tar -C DIR -c . | docker import - {SandboxImage.Tag}";

    public static async Task ImportAsync(IDockerClient docker, Action<string> say, CancellationToken cancellationToken)
    {
        var root = $"/var/tmp/genprm-rootfs-{Guid.NewGuid():N}";
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await HostCommand.RunAsync("debootstrap", ["--variant=minbase", $"--include={Packages}", Release, root], Milestones(say), cancellationToken);
            // debootstrap runs as the folder's owner would; the image's root must be open to the sandbox's user.
            File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
            var guest = Directory.CreateDirectory(Path.Combine(root, SandboxImage.GuestFolder));
            foreach (var name in new[] { "guest.py", "finish.sh" })
                await File.WriteAllBytesAsync(Path.Combine(guest.FullName, name), SandboxImage.Files[name], cancellationToken);
            say("finishing: no setuid programs, nothing that blocks do not need, modules compiled");
            await HostCommand.RunAsync("chroot", [root, "/bin/sh", $"/{SandboxImage.GuestFolder}/finish.sh"], _ => { }, cancellationToken);
            say($"importing {SandboxImage.Tag}");
            await HostCommand.StreamAsync(
                "tar", ["--numeric-owner", "--one-file-system", "-C", root, "-c", "."], tar => SandboxImage.ImportAsync(docker, tar, cancellationToken), cancellationToken);
        }
        finally
        {
            await HostCommand.RunAsync("rm", ["-rf", "--one-file-system", root], _ => { }, CancellationToken.None);
        }
    }

    /// <summary>debootstrap writes a line a package; a person wants its stages.</summary>
    private static Action<string> Milestones(Action<string> say)
    {
        var said = "";
        return line =>
        {
            var stage = line switch
            {
                _ when line.StartsWith("I: Retrieving", StringComparison.Ordinal) => "fetching Debian packages",
                _ when line.StartsWith("I: Extracting", StringComparison.Ordinal) => "extracting",
                _ when line.StartsWith("I: Unpacking", StringComparison.Ordinal) => "unpacking",
                _ when line.StartsWith("I: Configuring", StringComparison.Ordinal) => "configuring",
                _ => said,
            };
            if (stage != said)
                say(said = stage);
        };
    }
}
