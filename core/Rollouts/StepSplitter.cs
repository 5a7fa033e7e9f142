using System.Collections.Immutable;
using System.Globalization;

namespace GenPrm.Core.Rollouts;

/// <summary>Cuts a solution at the lines that start <c>Step n:</c>, n being the next number expected (section 3). A line with another number
/// belongs to the running step.</summary>
public static class StepSplitter
{
    /// <summary>What a step begins with: <c>Step 3:</c>, without the blank that follows it in finished text.</summary>
    public static string Header(int number) => string.Create(CultureInfo.InvariantCulture, $"Step {number}:");

    public static SplitRollout Split(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var starts = Starts(raw);
        if (starts.Count == 0)
            return new(raw, []);

        var steps = ImmutableArray.CreateBuilder<Step>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var part = raw[starts[i]..(i + 1 < starts.Count ? starts[i + 1] : raw.Length)];
            steps.Add(new(i + 1, part, part[Header(i + 1).Length..].Trim()));
        }

        return new(raw[..starts[0]], steps.MoveToImmutable());
    }

    private static List<int> Starts(string raw)
    {
        var starts = new List<int>();
        for (var line = 0; ;)
        {
            if (raw.AsSpan(line).StartsWith(Header(starts.Count + 1), StringComparison.Ordinal))
                starts.Add(line);
            var lineBreak = raw.IndexOf('\n', line);
            if (lineBreak < 0)
                return starts;
            line = lineBreak + 1;
        }
    }
}
