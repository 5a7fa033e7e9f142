using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Grains.Jobs;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>Jobs for the scripted model.</summary>
public static class ScriptedJobs
{
    public static JobParameters Parameters { get; } = Profiles.Laptop;

    /// <summary>Sums, the first ones with the given marks.</summary>
    public static Problem[] Problems(int count, params string[] marks) =>
        [.. Enumerable.Range(0, count).Select(i => new Problem(i, $"p{i}", $"What is {10 + i} + {3 * i}? {(i < marks.Length ? marks[i] : "")}", $"{10 + (4 * i)}", i + 1))];

    public static JobRequest Request(IReadOnlyList<Problem> problems, JobParameters? parameters = null, int window = 4) => new(
        new JobSpec(new JobModels("policy", "completer", "judge"), parameters ?? Parameters, [], JobSpec.DigestOf(problems), []),
        problems.Count,
        ClassCounts.Empty.Add("taken", problems.Count),
        window);
}
