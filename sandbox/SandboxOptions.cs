namespace GenPrm.Sandbox;

/// <summary>How many sandboxes there are, and what a block may use.</summary>
public sealed record SandboxOptions
{
    /// <summary>Containers that are kept warm, and so the number of rationales that can be open at once. About 75 MiB each while idle.</summary>
    public int Containers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 16);

    /// <summary>Callers of <see cref="DockerSandbox.OpenAsync"/> that may wait for a container; the next one is refused.</summary>
    public int WaitingLimit { get; init; } = 4096;

    /// <summary>Time of one block, from request to outcome (the paper's reference code: 5 s).</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Output of one block, in bytes of UTF-8; what is beyond is cut and ends the block.</summary>
    public int OutputBytes { get; init; } = 64 * 1024;

    /// <summary>Source of one block, in bytes of UTF-8.</summary>
    public int CodeBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Memory of one container, its files included, in bytes. There is no swap.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Size of each of the writable folders <c>/work</c> and <c>/tmp</c>, in bytes.</summary>
    public long FolderBytes { get; init; } = 64L << 20;

    /// <summary>Processors that one container may use.</summary>
    public double Processors { get; init; } = 1;

    /// <summary>Processes and threads that one container may have.</summary>
    public int Processes { get; init; } = 64;

    /// <summary>How long a container may take to start, to stop a block and to be swept, before it is replaced.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The engine; null: <c>DOCKER_HOST</c>, else the machine's own.</summary>
    public Uri? Engine { get; init; }

    /// <summary>The image; null: the one that this build defines (<see cref="Setup.SandboxImage.Tag"/>).</summary>
    public string? Image { get; init; }

    /// <summary>Says which option is wrong, its value, and what it may be.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxOptions Validated()
    {
        Check(Containers is >= 1 and <= 1024, nameof(Containers), Containers, "1 to 1024");
        Check(WaitingLimit >= 1, nameof(WaitingLimit), WaitingLimit, "at least 1");
        Check(BlockTime > TimeSpan.Zero && BlockTime <= TimeSpan.FromHours(1), nameof(BlockTime), BlockTime, "more than zero, at most an hour");
        Check(OutputBytes is >= 1 and <= 1 << 26, nameof(OutputBytes), OutputBytes, "1 byte to 64 MiB");
        Check(CodeBytes is >= 1 and <= 1 << 26, nameof(CodeBytes), CodeBytes, "1 byte to 64 MiB");
        Check(MemoryBytes >= 256L << 20, nameof(MemoryBytes), MemoryBytes, "at least 256 MiB (the interpreter itself takes 75 MiB)");
        Check(FolderBytes >= 1L << 20 && FolderBytes <= MemoryBytes, nameof(FolderBytes), FolderBytes, "1 MiB to the container's memory");
        Check(Processors > 0, nameof(Processors), Processors, "more than zero");
        Check(Processes >= 8, nameof(Processes), Processes, "at least 8");
        Check(Patience > TimeSpan.Zero, nameof(Patience), Patience, "more than zero");
        return this;
    }

    private static void Check(bool holds, string option, object value, string range)
    {
        if (!holds)
            throw new ArgumentException($"Sandbox option {option} is {value}; it must be {range}.", option);
    }
}
