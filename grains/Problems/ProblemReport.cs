using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;

namespace GenPrm.Grains.Problems;

/// <summary>How a problem stands, counted from what is stored. Its page keeps the newest one, so that nothing is counted twice.</summary>
/// <param name="Ordinal">The problem's place in the job.</param>
/// <param name="Id">Its id in the input file.</param>
/// <param name="Version">Grows with every stored fact; an older report that arrives late is not taken.</param>
/// <param name="Class">Where it stands.</param>
/// <param name="Reason">Why it failed or was discarded; null otherwise.</param>
/// <param name="Correct">Correct ones among the sampled rollouts.</param>
/// <param name="Rollouts">Sampled rollouts by class.</param>
/// <param name="Kept">Kept rollouts: estimating or done.</param>
/// <param name="Steps">Steps of kept rollouts by where their scores come from.</param>
/// <param name="Rationales">Their rationales by class.</param>
/// <param name="Samples">For each labelling, the rationales as pending, accepted, or why they were discarded.</param>
/// <param name="Work">What all of it took.</param>
[GenerateSerializer, Immutable, Alias("genprm.problem-report")]
internal sealed record ProblemReport(
    [property: Id(0)] int Ordinal,
    [property: Id(1)] string Id,
    [property: Id(2)] long Version,
    [property: Id(3)] ProblemClass Class,
    [property: Id(4)] string? Reason,
    [property: Id(5)] int Correct,
    [property: Id(6)] ClassCounts Rollouts,
    [property: Id(7)] ClassCounts Kept,
    [property: Id(8)] ClassCounts Steps,
    [property: Id(9)] ClassCounts Rationales,
    [property: Id(10)] ImmutableSortedDictionary<int, ClassCounts> Samples,
    [property: Id(11)] WorkCounts Work)
{
    /// <summary>Of a problem whose turn has not come.</summary>
    public static ProblemReport Queued(int ordinal, string id) => new(
        ordinal, id, 0, ProblemClass.Queued, null, 0, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty,
        ImmutableSortedDictionary<int, ClassCounts>.Empty, WorkCounts.None);
}
