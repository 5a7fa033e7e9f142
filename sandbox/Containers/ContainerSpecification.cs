using System.Globalization;
using System.Security.Cryptography;
using Docker.DotNet.Models;
using GenPrm.Sandbox.Setup;

namespace GenPrm.Sandbox.Containers;

/// <summary>Everything that holds generated code back, in one place. What an image says about itself does not count.</summary>
internal static class ContainerSpecification
{
    private const string Python = "/usr/bin/python3";

    /// <param name="options">The limits.</param>
    /// <param name="owner">Who to write on it.</param>
    /// <param name="user">User and group id. A container has its own, since the kernel counts some things (pipes, queues) a user, not a container.</param>
    public static CreateContainerParameters Create(SandboxOptions options, SandboxOwner owner, int user) => new()
    {
        Image = options.Image ?? SandboxImage.Tag,
        Entrypoint = [Python, "-B", "-s", "/opt/genprm/guest.py"],
        Cmd = [],
        User = string.Create(CultureInfo.InvariantCulture, $"{user}:{user}"),
        WorkingDir = "/work",
        Hostname = "sandbox",
        Labels = new Dictionary<string, string> { [SandboxOwner.Label] = owner.ToString() },
        Env =
        [
            "PATH=/usr/local/bin:/usr/bin:/bin",
            "HOME=/work",
            "LANG=C.UTF-8",
            "PYTHONHASHSEED=0",
            "PYTHONDONTWRITEBYTECODE=1",
            "OPENBLAS_NUM_THREADS=1",
            "OMP_NUM_THREADS=1",
            "MALLOC_ARENA_MAX=1",
        ],
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        OpenStdin = true,
        // The connection's end is the guest's end: a container does not outlive the process that started it.
        StdinOnce = true,
        NetworkDisabled = true,
        HostConfig = new HostConfig
        {
            NetworkMode = "none",
            IpcMode = "private",
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            Privileged = false,
            ReadonlyRootfs = true,
            Tmpfs = new Dictionary<string, string> { ["/tmp"] = Folder(options), ["/work"] = Folder(options) },
            ShmSize = 16 << 20,
            Memory = options.MemoryBytes,
            MemorySwap = options.MemoryBytes,
            NanoCPUs = (long)(options.Processors * 1e9),
            PidsLimit = options.Processes,
            Ulimits =
            [
                Limit("nofile", 256),
                Limit("core", 0),
                Limit("fsize", options.FolderBytes),
                Limit("stack", 8 << 20),
                Limit("memlock", 64 << 10),
                Limit("msgqueue", 0),
            ],
            // Nothing that outlives a process: no System V objects, no message queues, no waiting remains of connections.
            Sysctls = new Dictionary<string, string>
            {
                ["kernel.shmmni"] = "0",
                ["kernel.msgmni"] = "0",
                ["kernel.sem"] = "250 32000 32 0",
                ["fs.mqueue.queues_max"] = "0",
                ["net.ipv4.tcp_max_tw_buckets"] = "0",
            },
            LogConfig = new LogConfig { Type = "none" },
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
        },
    };

    /// <summary>A user id that no account of a usual system has, and that no other container is likely to have.</summary>
    public static int NewUser() => RandomNumberGenerator.GetInt32(20_000, 60_000);

    private static string Folder(SandboxOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"rw,noexec,nosuid,nodev,size={options.FolderBytes},nr_inodes=4096,mode=1777");

    private static Ulimit Limit(string name, long most) => new() { Name = name, Soft = most, Hard = most };
}
