using GenPrm.Core.Equality;

namespace GenPrm.Core.Scoring;

/// <summary>How step rewards become the score of a solution.</summary>
public enum Aggregate
{
    Last,

    Mean,

    Min,
}

/// <summary>Choosing one of N solutions: by a verifier's score, by the answers' majority, or by knowing the truth (pass@N).</summary>
public static class Selection
{
    /// <exception cref="ArgumentException">There are no rewards.</exception>
    public static double Score(Aggregate aggregate, IReadOnlyList<double> rewards)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        if (rewards.Count == 0)
            throw new ArgumentException("a solution without judged steps has no score", nameof(rewards));
        return aggregate switch
        {
            Aggregate.Last => rewards[^1],
            Aggregate.Mean => rewards.Average(),
            _ => rewards.Min(),
        };
    }

    /// <summary>The index of the best score; of equal ones the first.</summary>
    public static int Best(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return Enumerable.Range(0, scores.Count).MaxBy(i => scores[i]);
    }

    /// <summary>The index of the first solution that gives the answer that most give, mathematically equal answers taken together; null if none
    /// gives an answer. Of equally many, the answer that came first.</summary>
    /// <param name="answers">The solutions' answers, null where there is none.</param>
    public static int? Majority(IReadOnlyList<string?> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var groups = new List<(string Answer, int First, int Count)>();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i] is not { } answer)
                continue;
            var group = groups.FindIndex(one => one.Answer == answer || Answers.Compare(one.Answer, answer).Verdict == Verdict.Equal);
            if (group < 0)
                groups.Add((answer, i, 1));
            else
                groups[group] = groups[group] with { Count = groups[group].Count + 1 };
        }

        return groups.Count == 0 ? null : groups.MaxBy(group => group.Count).First;
    }

    /// <summary>The probability that one of k drawn without return is right, of n with c right ones: 1 - C(n-c, k) / C(n, k).</summary>
    public static double PassAt(int k, int right, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, of);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, of);
        var none = 1.0;
        for (var i = 0; i < k; i++)
            none *= Math.Max(0, of - right - i) / (double)(of - i);
        return 1 - none;
    }
}
