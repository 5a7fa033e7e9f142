using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Grains.Jobs;

/// <summary>What every part of a job must know of it. It is told downwards with every request to go on, and stored by the job alone.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Spec">Models, parameters, examples.</param>
/// <param name="Labellings">All labellings so far, oldest first.</param>
/// <param name="Pass">The number of the current pass over the problems. A part that has ended in this pass has nothing more to do.</param>
[GenerateSerializer, Immutable, Alias("genprm.job-context")]
internal sealed record JobContext(
    [property: Id(0)] string Job,
    [property: Id(1)] JobSpec Spec,
    [property: Id(2)] ImmutableArray<Labelling> Labellings,
    [property: Id(3)] int Pass)
{
    public JobParameters Parameters => Spec.Parameters;
}
