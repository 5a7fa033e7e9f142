namespace GenPrm.Core.Identity;

/// <summary>The path of a unit of work inside its job, as <c>inspect</c> takes it. Seeds come from it, so a name is never reused for
/// something else.</summary>
public static class UnitName
{
    /// <summary>A rollout: <c>17/r3</c>.</summary>
    public static string Rollout(int problem, int rollout) => $"{problem}/r{rollout}";

    /// <summary>A step, from 1: <c>17/r3/s2</c>.</summary>
    public static string Step(int problem, int rollout, int step) => $"{problem}/r{rollout}/s{step}";

    /// <summary>The bare problem, as the completer scores it: <c>17/s0</c>.</summary>
    public static string Start(int problem) => $"{problem}/s0";

    /// <summary>A completion of a step or of the bare problem: <c>17/r3/s2/c5</c>.</summary>
    public static string Completion(string state, int completion) => $"{state}/c{completion}";

    /// <summary>A rationale: <c>17/r3/v0</c>.</summary>
    public static string Rationale(int problem, int rollout, int rationale) => $"{problem}/r{rollout}/v{rationale}";

    /// <summary>One of the times that a rationale is continued: <c>17/r3/v0/g4</c>.</summary>
    public static string Continuation(string rationale, int continuation) => $"{rationale}/g{continuation}";
}
