namespace GenPrm.Core.Problems;

/// <summary>A math problem <c>x</c> with its gold answer <c>q*</c>.</summary>
/// <param name="Ordinal">Its place in the job, from 0: the problem's key, since ids in the wild hold slashes and repeat.</param>
/// <param name="Id">Its id in the file, else the line's number.</param>
/// <param name="Text">The problem, as the file has it.</param>
/// <param name="Answer">The gold answer.</param>
/// <param name="Line">The line of the file, from 1.</param>
[GenerateSerializer, Immutable, Alias("genprm.problem")]
public sealed record Problem(
    [property: Id(0)] int Ordinal,
    [property: Id(1)] string Id,
    [property: Id(2)] string Text,
    [property: Id(3)] string Answer,
    [property: Id(4)] int Line);
