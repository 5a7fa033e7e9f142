namespace GenPrm.Core.Equality.Checking;

/// <summary>How the verdicts on scored rows went. <c>Agree + FalseYes + FalseNo + Unknown = Rows</c>.</summary>
/// <param name="Rows">Rows with a label that nothing is said against.</param>
/// <param name="Agree">The verdict is the label.</param>
/// <param name="FalseYes">Equal, and the label says they are not.</param>
/// <param name="FalseNo">Different, and the label says they are equal.</param>
/// <param name="Unknown">No verdict: it agrees with nothing.</param>
public sealed record AnswerTally(int Rows, int Agree, int FalseYes, int FalseNo, int Unknown)
{
    /// <summary>No rows.</summary>
    public static AnswerTally None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>One more row.</summary>
    public AnswerTally With(Verdict verdict, bool equal) => this with
    {
        Rows = Rows + 1,
        Agree = Agree + (verdict == (equal ? Verdict.Equal : Verdict.Different) ? 1 : 0),
        FalseYes = FalseYes + (verdict == Verdict.Equal && !equal ? 1 : 0),
        FalseNo = FalseNo + (verdict == Verdict.Different && equal ? 1 : 0),
        Unknown = Unknown + (verdict == Verdict.Unknown ? 1 : 0),
    };
}

/// <summary>A scored row that the verdict does not agree with.</summary>
public sealed record AnswerDisagreement(string Id, string? Group, string Gold, string Prediction, bool Equal, Verdict Verdict, string Reason);

/// <summary>What a file of answer pairs says of the checker.</summary>
/// <param name="Total">Over all scored rows.</param>
/// <param name="Suspect">Rows that say themselves that their label is not to be trusted.</param>
/// <param name="Unlabelled">Rows without a label.</param>
/// <param name="NoAnswer">Scored rows of which one side holds no answer: it is blank, or its box is. They are counted by their verdict as well.</param>
/// <param name="ByCategory">By category, where rows have one.</param>
/// <param name="BySource">By source, where rows have one.</param>
/// <param name="Disagreeing">The rows not agreed with, in the file's order.</param>
/// <param name="ChecksPerSecond">Comparisons a second, on one thread: the best of a pass over every row and four more over the first 5,000; null for fewer than 100 rows, whose time is that of compilation.</param>
public sealed record AnswerCheckReport(
    AnswerTally Total,
    int Suspect,
    int Unlabelled,
    int NoAnswer,
    IReadOnlyDictionary<string, AnswerTally> ByCategory,
    IReadOnlyDictionary<string, AnswerTally> BySource,
    IReadOnlyList<AnswerDisagreement> Disagreeing,
    double? ChecksPerSecond);

/// <summary>Holds the checker against a file of pairs.</summary>
public static class AnswerCheck
{
    private const int LargestSample = 5_000;
    private const int SmallestSample = 100;
    private const int Passes = 4;

    /// <summary>Compares every pair and counts.</summary>
    public static AnswerCheckReport Run(IReadOnlyList<AnswerPair> pairs, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(clock);
        var verdicts = new Comparison[pairs.Count];
        var start = clock.GetTimestamp();
        for (var i = 0; i < pairs.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            verdicts[i] = Answers.Compare(pairs[i].Gold, pairs[i].Prediction);
        }
        return Count(pairs, verdicts, Rate(pairs, clock, pairs.Count / Math.Max(clock.GetElapsedTime(start).TotalSeconds, 1e-9), cancellationToken));
    }

    // The first pass pays for compilation: the best of a few more over the file's first rows is what a long job sees. Those rows are judged five times in all, their verdicts taken once.
    private static double? Rate(IReadOnlyList<AnswerPair> pairs, TimeProvider clock, double best, CancellationToken cancellationToken)
    {
        var sample = Math.Min(pairs.Count, LargestSample);
        for (var pass = 0; pass < Passes && sample > 0; pass++)
        {
            var start = clock.GetTimestamp();
            for (var i = 0; i < sample; i++)
                Answers.Compare(pairs[i].Gold, pairs[i].Prediction);
            cancellationToken.ThrowIfCancellationRequested();
            best = Math.Max(best, sample / Math.Max(clock.GetElapsedTime(start).TotalSeconds, 1e-9));
        }
        return pairs.Count < SmallestSample ? null : best;
    }

    private static AnswerCheckReport Count(IReadOnlyList<AnswerPair> pairs, Comparison[] verdicts, double? checksPerSecond)
    {
        var (total, suspect, unlabelled, noAnswer) = (AnswerTally.None, 0, 0, 0);
        var byCategory = new SortedDictionary<string, AnswerTally>(StringComparer.Ordinal);
        var bySource = new SortedDictionary<string, AnswerTally>(StringComparer.Ordinal);
        var disagreeing = new List<AnswerDisagreement>();
        foreach (var (pair, comparison) in pairs.Zip(verdicts))
        {
            suspect += pair.Suspect is null ? 0 : 1;
            unlabelled += pair.Equal is null ? 1 : 0;
            if (!pair.IsScored)
                continue;
            var equal = pair.Equal!.Value;
            total = total.With(comparison.Verdict, equal);
            Add(byCategory, pair.Category, comparison.Verdict, equal);
            Add(bySource, pair.Source, comparison.Verdict, equal);
            noAnswer += comparison.Reason == Answers.NoAnswerReason ? 1 : 0;
            if (comparison.Verdict != (equal ? Verdict.Equal : Verdict.Different))
                disagreeing.Add(new(pair.Id, pair.Category ?? pair.Source, pair.Gold, pair.Prediction, equal, comparison.Verdict, comparison.Reason));
        }
        return new(total, suspect, unlabelled, noAnswer, byCategory, bySource, disagreeing, checksPerSecond);
    }

    private static void Add(SortedDictionary<string, AnswerTally> groups, string? group, Verdict verdict, bool equal)
    {
        if (group is not null)
            groups[group] = groups.GetValueOrDefault(group, AnswerTally.None).With(verdict, equal);
    }
}
