namespace GenPrm.Core.Problems;

/// <summary>A problem with a solution in the wanted form: an earlier turn in front of every problem of a job.</summary>
[GenerateSerializer, Immutable, Alias("genprm.worked-example")]
public sealed record WorkedExample([property: Id(0)] string Problem, [property: Id(1)] string Solution);
