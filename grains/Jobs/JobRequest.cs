using System.Collections.Immutable;
using GenPrm.Core.Jobs;

namespace GenPrm.Grains.Jobs;

/// <summary>What a job is created from; the problems follow in batches.</summary>
/// <param name="Spec">All that the job's results depend on, its problems apart.</param>
/// <param name="ProblemCount">How many problems it has.</param>
/// <param name="Input">The input lines by class (taken, duplicate, conflict, …): they add up to the file.</param>
/// <param name="Window">How many problems are worked on at once; it may differ each time the job is handed in.</param>
[GenerateSerializer, Immutable, Alias("genprm.job-request")]
public sealed record JobRequest(
    [property: Id(0)] JobSpec Spec,
    [property: Id(1)] int ProblemCount,
    [property: Id(2)] ClassCounts Input,
    [property: Id(3)] int Window = 64);

/// <summary>What became of <see cref="IJobGrain.Create"/>.</summary>
[GenerateSerializer, Immutable, Alias("genprm.create-outcome")]
public abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>It is new, or was never handed in whole: hand the problems in from the first one that is missing, then run it.</summary>
    /// <param name="Next">The ordinal of the first problem to hand in, from 0.</param>
    [GenerateSerializer, Immutable, Alias("genprm.create-outcome.loading")]
    public sealed record Loading([property: Id(0)] int Next) : CreateOutcome;

    /// <summary>It was there already, whole.</summary>
    /// <param name="State">How it stands.</param>
    /// <param name="Grown">The counts that grew, one line each; what they ask for is added when the job runs.</param>
    [GenerateSerializer, Immutable, Alias("genprm.create-outcome.exists")]
    public sealed record Exists([property: Id(0)] JobState State, [property: Id(1)] ImmutableArray<string> Grown) : CreateOutcome;

    /// <summary>A job of this name exists and differs in more than counts that grow; nothing was changed.</summary>
    /// <param name="Differences">One line for each difference: name, the job's value, the value given, what to do.</param>
    [GenerateSerializer, Immutable, Alias("genprm.create-outcome.conflict")]
    public sealed record Conflict([property: Id(0)] ImmutableArray<string> Differences) : CreateOutcome;
}
