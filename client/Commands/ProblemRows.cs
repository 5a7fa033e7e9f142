using System.Collections.Immutable;
using GenPrm.Client.Display;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary>Makes a row of every problem that has none yet, so many at once, and keeps each as soon as it is there.</summary>
internal static class ProblemRows
{
    /// <returns>The rows of all problems asked for, in their order.</returns>
    public static async Task<ImmutableArray<TRow>> MakeAsync<TRow>(
        JudgeSetup setup,
        PolicySetup policy,
        RowLog<TRow> log,
        Func<TRow, string> id,
        int atOnce,
        Func<PolicyProblem, OpenJudge, Policy?, CancellationToken, Task<TRow>> make,
        CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"Rows go to {log.File}");
        Dictionary<string, TRow> rows = log.Rows.ToDictionary(id, StringComparer.Ordinal);
        PolicyProblem[] missing = [.. policy.Problems.Where(problem => !rows.ContainsKey(problem.Id))];
        if (missing.Length < policy.Problems.Length)
            await Console.Error.WriteLineAsync($"{policy.Problems.Length - missing.Length} of {policy.Problems.Length} rows are there already.");
        if (missing.Length > 0)
        {
            int done = policy.Problems.Length - missing.Length;
            await using OpenJudge judge = await setup.OpenAsync(policy.Folder, Console.Error.WriteLine, cancellation);
            Policy? writer = policy.In(judge);
            await using LiveLine live = LiveLine.Start(JudgeCommand.Progress(() => done, policy.Problems.Length, judge.Work), TimeProvider.System);
            await foreach (TRow row in InFlight.RunAsync(missing, atOnce, (problem, stop) => make(problem, judge, writer, stop), cancellation))
            {
                log.Add(row);
                rows.Add(id(row), row);
                done++;
            }
        }

        return [.. policy.Problems.Select(problem => rows[problem.Id])];
    }
}
