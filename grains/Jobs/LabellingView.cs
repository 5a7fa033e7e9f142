using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Grains.Jobs;

/// <summary>One labelling of a job, immutable once made, with what became of its samples.</summary>
/// <param name="Labelling">Number (the job's first is 1), estimator, epsilon, K and checker version.</param>
/// <param name="Samples">Each rationale as pending, accepted, or why it was discarded.</param>
[GenerateSerializer, Immutable, Alias("genprm.labelling-view")]
public sealed record LabellingView([property: Id(0)] Labelling Labelling, [property: Id(1)] ClassCounts Samples);
