using Orleans.Concurrency;

namespace GenPrm.Grains.Jobs;

/// <summary>What other grains tell a job.</summary>
[Alias("genprm.IJobParts")]
internal interface IJobParts : IGrainWithStringKey
{
    /// <summary>Something may be asked for again: there is room in a queue, or a problem has just woken.</summary>
    [Alias("Nudge"), OneWay]
    Task Nudge();

    /// <summary>A problem has ended in a pass over the problems, and its page knows. Nobody waits for the job, which itself waits for problems when they are
    /// handed in or forgiven; if the message is lost, the next sweep has it repeated.</summary>
    [Alias("ProblemEnded"), OneWay]
    Task ProblemEnded(int problem, int pass);
}
