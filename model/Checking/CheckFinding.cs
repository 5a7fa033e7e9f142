using System.Collections.Immutable;

namespace GenPrm.Model.Checking;

/// <summary>What one kind of comparison gave.</summary>
/// <param name="Name"><c>loading</c>, <c>logits</c>, <c>log_probabilities</c>, <c>greedy_path</c>, <c>encodings</c> or <c>chat</c>.</param>
/// <param name="Compared">How many values, texts or files were compared.</param>
/// <param name="Largest">The largest difference of numbers; null where things are equal or not.</param>
/// <param name="Tolerance">How large it may be.</param>
/// <param name="Differences">What is beyond tolerance, described; at most <see cref="MostShown"/> of them.</param>
/// <param name="DifferenceCount">How many there are in all.</param>
public sealed record CheckFinding(string Name, int Compared, double? Largest, double? Tolerance, ImmutableArray<string> Differences, int DifferenceCount)
{
    public const int MostShown = 5;

    public bool Passed => DifferenceCount == 0;
}

/// <summary>Everything that a folder's check found.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Description">The model in a line, such as <c>Llama, 134.5 M parameters</c>.</param>
public sealed record CheckReport(string Folder, string Description, ImmutableArray<CheckFinding> Findings)
{
    public bool Passed => Findings.All(finding => finding.Passed);
}

/// <summary>Gathers the comparisons of one finding.</summary>
internal sealed class FindingBuilder(string name, double? tolerance = null)
{
    private readonly List<string> differences = [];
    private int compared;
    private int different;
    private double? largest;

    /// <summary>Two numbers; not a number is beyond every tolerance.</summary>
    public void Compare(double expected, double found, Func<string> where)
    {
        var difference = Math.Abs(expected - found);
        Bound(double.IsNaN(difference) ? double.PositiveInfinity : difference, () => $"{where()}: {found:G7}, the reference has {expected:G7}");
    }

    /// <summary>A difference that was computed already.</summary>
    public void Bound(double difference, Func<string> described)
    {
        largest = Math.Max(largest ?? 0, difference);
        Require(difference <= tolerance, described);
    }

    public void Require(bool holds, Func<string> described)
    {
        compared++;
        if (holds)
            return;
        if (different++ < CheckFinding.MostShown)
            differences.Add(described());
    }

    public CheckFinding Build() => new(name, compared, largest, tolerance, [.. differences], different);
}
