using GenPrm.Core.Labels;

namespace GenPrm.Core.Jobs;

/// <summary>One thing in which a job differs from the one that has its id already.</summary>
/// <param name="Name">The parameter's name, or <c>models.policy</c>, <c>examples</c>, <c>problems</c>.</param>
/// <param name="Was">The stored value.</param>
/// <param name="Now">The value asked for.</param>
/// <param name="Allowed">Whether the job may go on with it: a count that grows.</param>
public sealed record SpecDifference(string Name, string Was, string Now, bool Allowed)
{
    public override string ToString() => $"{Name}: was {Was}, now {Now}" + (Allowed ? "" : Remedy);

    private string Remedy => Name.StartsWith("labels.", StringComparison.Ordinal)
        ? " (use `genprm relabel`, which keeps the old labels beside the new)"
        : ParameterTable.All.Any(parameter => parameter.Name == Name && parameter.Change == ParameterChange.MayGrow)
            ? " (it may only grow; use --new or another --name)"
            : " (use --new or another --name)";
}

/// <summary>Whether a job may go on with other parameters than it was begun with (docs/design.md, "Identity").</summary>
public static class SpecComparison
{
    /// <summary>All differences, in the parameters' order; empty for the same job.</summary>
    public static IReadOnlyList<SpecDifference> Compare(JobSpec stored, JobSpec asked)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(asked);
        var differences = new List<SpecDifference>();
        Note("problems", stored.ProblemsDigest[..12], asked.ProblemsDigest[..12]);
        Note("models.policy", stored.Models.Policy, asked.Models.Policy);
        Note("models.completer", stored.Models.Completer, asked.Models.Completer);
        Note("models.judge", stored.Models.Judge, asked.Models.Judge);
        if (!stored.Examples.SequenceEqual(asked.Examples))
            differences.Add(new("examples", $"{stored.Examples.Length} worked examples", $"{asked.Examples.Length}, not the same ones", false));
        foreach (var parameter in ParameterTable.All)
            Note(parameter.Name, parameter.Read(stored.Parameters), parameter.Read(asked.Parameters), parameter.Change == ParameterChange.MayGrow && Grows(parameter.Name));
        return differences;

        void Note(string name, string was, string now, bool allowed = false)
        {
            if (was != now)
                differences.Add(new(name, was, now, allowed));
        }

        bool Grows(string name)
        {
            var (was, now) = (stored.Parameters, asked.Parameters);
            return name switch
            {
                "rollouts.max" => now.Rollouts.Max >= was.Rollouts.Max,
                "rollouts.kept" => now.Rollouts.Kept >= was.Rollouts.Kept,
                "rationales.per_rollout" => now.Rationales.PerRollout >= was.Rationales.PerRollout,
                "completions.k" => NoneSmaller(was.Completions.K, now.Completions.K),
                _ => throw new InvalidOperationException($"{name} may grow, but nothing says how to compare it"),
            };
        }
    }

    private static bool NoneSmaller(KTable was, KTable now) => now.Hard >= was.Hard && now.Medium >= was.Medium && now.Easy >= was.Easy;
}
