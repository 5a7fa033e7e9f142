using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Grains.Views;
using Orleans.Concurrency;

namespace GenPrm.Grains.Jobs;

/// <summary>One job. Key: the job's name (no slash in it). Every call is short; work goes on without a caller.</summary>
[Alias("genprm.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>The largest batch that <see cref="AddProblems"/> takes and the largest page that <see cref="ListProblems"/> gives.</summary>
    const int MaxBatch = 256;

    /// <summary>Makes the job, or finds that it is there. Parameters that may grow (K, samples) grow; any other difference is refused by name.</summary>
    [Alias("Create")]
    Task<CreateOutcome> Create(JobRequest request);

    /// <summary>Hands in problems, at most <see cref="MaxBatch"/> a call, with their ordinals from 0, in order; doing so again changes nothing.</summary>
    [Alias("AddProblems")]
    Task AddProblems(ImmutableArray<Problem> problems);

    /// <summary>Starts the job, or goes on with it after a crash, a pause or a stop. A job that is done stays done.</summary>
    [Alias("Run")]
    Task<JobState> Run();

    /// <summary>Asks for nothing new; what is under way is taken in.</summary>
    [Alias("Pause")]
    Task<JobState> Pause();

    /// <summary>Ends the job for good.</summary>
    [Alias("Cancel")]
    Task<JobState> Cancel();

    /// <summary>Gives failed problems another try, all or one. Gives how many there are.</summary>
    [Alias("Requeue")]
    Task<int> Requeue(int? problem);

    /// <summary>Makes a new labelling and its log from what is stored, without sampling, and gives its number. Number and K of what is handed in
    /// are not read: the number is the next one, K is the job's. An equal labelling is found, not made again.</summary>
    [Alias("Relabel")]
    Task<int> Relabel(Labelling rule);

    /// <summary>How the job stands. Of a name that no job has: <see cref="JobState.Unknown"/> and empty counts.</summary>
    [Alias("Summary"), ReadOnly]
    Task<JobSummary> Summary();

    /// <summary>What the job runs with; <c>null</c> if there is no such job.</summary>
    [Alias("Request"), ReadOnly]
    Task<JobRequest?> Request();

    /// <summary>The job's labellings, oldest first.</summary>
    [Alias("Labellings"), ReadOnly]
    Task<ImmutableArray<Labelling>> Labellings();

    /// <summary>A page of problems in order.</summary>
    /// <param name="from">The first ordinal of the page, from 0.</param>
    [Alias("ListProblems"), ReadOnly]
    Task<ImmutableArray<ProblemRow>> ListProblems(int from, int count);
}
