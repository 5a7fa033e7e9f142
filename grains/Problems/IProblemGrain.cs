using GenPrm.Core.Problems;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Steps;
using GenPrm.Grains.Views;
using Orleans.Concurrency;

namespace GenPrm.Grains.Problems;

/// <summary>What a user may ask of a problem. Key: <c>JOB/17</c>.</summary>
[Alias("genprm.IProblemViews")]
public interface IProblemViews : IGrainWithStringKey
{
    /// <summary>The problem; <c>null</c> if there is no such problem.</summary>
    [Alias("View")]
    Task<ProblemView?> View();
}

/// <summary>One problem: rollouts are sampled until both kinds exist, then the kept ones are seen to their ends.</summary>
[Alias("genprm.IProblemGrain")]
internal interface IProblemGrain : IScoreOwner, IUnitOwner
{
    /// <summary>Stores the problem. Doing so again changes nothing.</summary>
    [Alias("Put")]
    Task Put(Problem problem);

    /// <summary>Goes on until it has ended in the context's pass, then tells the job. Safe to repeat.</summary>
    [Alias("Continue"), OneWay]
    Task Continue(JobContext context);

    /// <summary>Takes results, but asks for nothing more until it is told to go on.</summary>
    [Alias("Halt"), OneWay]
    Task Halt();

    /// <summary>Takes back that it failed, so that it is tried again.</summary>
    [Alias("Forgive")]
    Task Forgive();

    [Alias("RolloutReported")]
    Task RolloutReported(RolloutReport report);

    /// <summary>A part of it can not be done: the problem fails.</summary>
    [Alias("PartFailed")]
    Task PartFailed(string reason);
}
