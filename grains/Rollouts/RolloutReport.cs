using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Grains.Jobs;

namespace GenPrm.Grains.Rollouts;

/// <summary>How a kept rollout stands, counted from what is stored. A problem keeps the newest one of each rollout, so that nothing is counted twice.</summary>
/// <param name="Rollout">Its index.</param>
/// <param name="Version">Grows with every stored fact; an older report that arrives late is not taken.</param>
/// <param name="EndedPass">The last pass that it has ended in; -1 for none.</param>
/// <param name="Steps">Its steps by where their scores come from.</param>
/// <param name="Rationales">Its rationales by class.</param>
/// <param name="Samples">For each labelling, the rationales as pending, accepted, or why they were discarded.</param>
/// <param name="Work">What its steps and rationales took.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-report")]
internal sealed record RolloutReport(
    [property: Id(0)] int Rollout,
    [property: Id(1)] long Version,
    [property: Id(2)] int EndedPass,
    [property: Id(3)] ClassCounts Steps,
    [property: Id(4)] ClassCounts Rationales,
    [property: Id(5)] ImmutableSortedDictionary<int, ClassCounts> Samples,
    [property: Id(6)] WorkCounts Work);
