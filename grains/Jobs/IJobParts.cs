using Orleans.Concurrency;

namespace GenPrm.Grains.Jobs;

/// <summary>What other grains tell a job.</summary>
[Alias("genprm.IJobParts")]
internal interface IJobParts : IGrainWithStringKey
{
    /// <summary>Something may be asked for again: there is room in a queue, or a problem has just woken.</summary>
    [Alias("Nudge"), OneWay]
    Task Nudge();

    /// <summary>A problem has ended, and said so on its page, in a pass over the problems.</summary>
    [Alias("ProblemEnded")]
    Task ProblemEnded(int problem, int pass);
}
