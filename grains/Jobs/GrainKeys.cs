using GenPrm.Grains.Queues;

namespace GenPrm.Grains.Jobs;

/// <summary>The keys of a job's parts: the job's name, then the part's path as <c>inspect</c> takes it.</summary>
public static class GrainKeys
{
    /// <summary><c>JOB/17</c></summary>
    public static string Problem(string job, int problem) => $"{job}/{problem}";

    /// <summary>A part by its path inside the job, such as <c>17/r3/s2</c>.</summary>
    public static string Part(string job, string path) => $"{job}/{path}";

    /// <summary>The job that a part's key begins with.</summary>
    internal static string JobOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>What a part answers that was woken by a result and does not know its task: the job is asked to tell it.</summary>
    internal static Receipt AskForTask(this IGrainFactory grains, string key)
    {
        grains.GetGrain<IJobParts>(JobOf(key)).Nudge().Ignore();
        return Receipt.Later;
    }
}
