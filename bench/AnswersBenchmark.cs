using System.Runtime.CompilerServices;
using GenPrm.Core.Equality;
using GenPrm.Core.Equality.Checking;

namespace GenPrm.Bench;

/// <summary>How fast answers are compared: over the pairs of both data files, and the dearest inputs that are known. Times are the processor's
/// for this thread, so that a busy machine does not count.</summary>
internal static class AnswersBenchmark
{
    private const double MathVerifyChecksPerSecond = 90;
    private const double WorstMilliseconds = 50;
    private const int Rounds = 7;

    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shared = Environment.GetEnvironmentVariable("GENPRM_SHARED") ?? Path.Combine("..", "shared");
        var pairs = new List<AnswerPair>();
        foreach (var file in new[] { "answer_pairs.jsonl", "answer_pairs_made.jsonl" })
        {
            var path = Path.Combine(shared, "data", file);
            if (!File.Exists(path))
                throw new FileNotFoundException($"{Path.GetFullPath(path)} is missing: run in the repository with the shared material beside it, or set GENPRM_SHARED to its folder.", path);
            pairs.AddRange(await AnswerPair.ReadAsync(path, cancellationToken));
        }

        if ("answers/pairs".Contains(only, StringComparison.Ordinal))
        {
            var rate = pairs.Count / Enumerable.Range(0, Rounds).Select(_ => Seconds(pairs)).Min();
            yield return new Figure("answers/pairs", rate, "checks/s", $"Math-Verify, {MathVerifyChecksPerSecond} checks/s", rate / MathVerifyChecksPerSecond);
        }
        if ("answers/pairs/slowest".Contains(only, StringComparison.Ordinal))
        {
            var (pair, milliseconds) = pairs.Select(p => (Pair: p, Milliseconds: Milliseconds(p.Gold, p.Prediction))).MaxBy(p => p.Milliseconds);
            yield return new Figure("answers/pairs/slowest", milliseconds, "ms", $"bound {WorstMilliseconds} ms; {pair.Id}", milliseconds / WorstMilliseconds);
        }
        foreach (var (name, gold, prediction) in HardAnswers.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = $"answers/worst/{name}";
            if (!row.Contains(only, StringComparison.Ordinal))
                continue;
            var milliseconds = Milliseconds(gold, prediction);
            yield return new Figure(row, milliseconds, "ms", $"bound {WorstMilliseconds} ms; {Answers.Compare(gold, prediction).Reason}", milliseconds / WorstMilliseconds);
        }
    }

    private static double Seconds(List<AnswerPair> pairs)
    {
        var start = ThreadClock.Now;
        foreach (var pair in pairs)
            Answers.Compare(pair.Gold, pair.Prediction);
        return (ThreadClock.Now - start).TotalSeconds;
    }

    // The best of several, as the first ones pay for compilation.
    private static double Milliseconds(string gold, string prediction)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Now;
            Answers.Compare(gold, prediction);
            best = Math.Min(best, (ThreadClock.Now - start).TotalMilliseconds);
        }
        return best;
    }
}
