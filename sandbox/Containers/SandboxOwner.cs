using System.Globalization;

namespace GenPrm.Sandbox.Containers;

/// <summary>The process that started a container, written on it as a label, so that leftovers of a killed process are known as such.</summary>
/// <param name="Host">The machine since its last boot, and the process-id namespace in it: where <paramref name="Process"/> means something.</param>
/// <param name="Process">Process id.</param>
/// <param name="Started">When it started, in the kernel's ticks since boot: a later process with the same id is another one.</param>
internal sealed record SandboxOwner(string Host, int Process, long Started)
{
    /// <summary>The label's key.</summary>
    public const string Label = "genprm.sandbox.owner";

    public static SandboxOwner Current { get; } = new(CurrentHost(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}/{Process}/{Started}");

    /// <summary>Reads a label's value; null if it is not one.</summary>
    public static SandboxOwner? Parse(string label)
    {
        var parts = label.Split('/');
        return parts.Length == 3
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
                ? new SandboxOwner(parts[0], process, started)
                : null;
    }

    /// <summary>Whether the process is gone for certain. One of another host (the engine may be shared) is not for us to say.</summary>
    public bool IsDead => Host == Current.Host && StartOf(Process) != Started;

    private static string CurrentHost()
    {
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        return $"{boot}-{string.Concat(space.Where(char.IsAsciiDigit))}";
    }

    private static long? StartOf(int process)
    {
        try
        {
            // Field 22; the second is the program's name in brackets, which may hold anything.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
