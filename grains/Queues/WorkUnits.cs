using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Grains.Jobs;

namespace GenPrm.Grains.Queues;

/// <summary>Cuts what a grain needs into units.</summary>
internal static class WorkUnits
{
    /// <summary>Continuations a unit: small enough to spread over silos and to lose, large enough to share a prefix.</summary>
    public const int MaxContinuations = 32;

    /// <summary>Units for the continuations of one prompt.</summary>
    /// <param name="context">The job.</param>
    /// <param name="problem">The problem's ordinal.</param>
    /// <param name="owner">Who takes the results.</param>
    /// <param name="name">The path inside the job that continuations are numbered under.</param>
    /// <param name="indices">The continuations' numbers, rising.</param>
    /// <param name="request">The request for some of them.</param>
    public static ImmutableArray<WorkUnit> Generate(
        JobContext context, int problem, GrainId owner, string name, ImmutableArray<int> indices, Func<ImmutableArray<int>, GenerationRequest> request) =>
    [
        .. indices.GroupBy(index => index / MaxContinuations).Select(group =>
        {
            ImmutableArray<int> numbers = [.. group];
            return new WorkUnit($"{context.Job}/{name}{numbers[0]}..{numbers[^1]}", context.Job, problem, owner, new Work.Generate(request(numbers), numbers));
        }),
    ];

    /// <summary>Offers units to the queue of a model. What is refused is asked for again by the next sweep.</summary>
    public static Task OfferAsync(this IGrainFactory grains, string model, ImmutableArray<WorkUnit> units) =>
        grains.GetGrain<IWorkQueueGrain>(IWorkQueueGrain.Generate(model)).Offer(units);
}
