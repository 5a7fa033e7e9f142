using System.Collections.Immutable;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Runs;

namespace GenPrm.Lab.Reports;

/// <summary>A figure over all seeds.</summary>
/// <param name="Mean">Of the seeds' figures.</param>
/// <param name="Seeds">Each seed's, in order.</param>
/// <param name="Interval">95 %, of the mean, over the solutions or problems; null where none is worked out.</param>
public sealed record LabCell(double Mean, ImmutableArray<double> Seeds, Interval? Interval);

/// <summary>A row of a table; a cell is null where no seed has the figure.</summary>
public sealed record LabRow(string Name, ImmutableArray<LabCell?> Cells);

/// <summary>What came out of a claim.</summary>
public enum LabVerdict
{
    /// <summary>No seed has both sides.</summary>
    NotMeasured,

    /// <summary>The sides were measured on other solutions, so that their difference has no interval.</summary>
    NoVerdict,

    /// <summary>The interval holds 0.</summary>
    NotToldApart,

    Yes,

    No,
}

/// <summary>What should be, and what came out.</summary>
/// <param name="Text">What should be greater than what.</param>
/// <param name="FromPaper">Whether the paper says so; else it is this lab's own question.</param>
/// <param name="Difference">The mean difference, in 0 .. 1 units; for the claim if it is positive.</param>
/// <param name="Interval">95 %, of the difference, both sides resampled together; null where they can not be.</param>
/// <param name="SeedsFor">Seeds in which it is positive.</param>
public sealed record LabClaim(string Text, bool FromPaper, double Difference, Interval? Interval, int SeedsFor, int Seeds)
{
    public LabVerdict Verdict => (Seeds, Interval) switch
    {
        (0, _) => LabVerdict.NotMeasured,
        (_, null) => LabVerdict.NoVerdict,
        (_, { Low: > 0 }) => LabVerdict.Yes,
        (_, { High: < 0 }) => LabVerdict.No,
        _ => LabVerdict.NotToldApart,
    };
}

/// <summary>The answer to one of the lab's questions.</summary>
/// <param name="Question">1 to 7.</param>
/// <param name="Note">What has to be known to read it.</param>
public sealed record LabTable(int Question, string Title, string Note, ImmutableArray<string> Columns, ImmutableArray<LabRow> Rows, ImmutableArray<LabClaim> Claims);

/// <summary>How a seed came about.</summary>
/// <param name="Seconds">Of work, in all its parts, stopped ones included.</param>
/// <param name="Commit">What the program that began it was built from.</param>
/// <param name="Dtype">In which numbers models generated and judged.</param>
public sealed record SeedRun(ulong Seed, double Seconds, string Commit, string Dtype);

/// <summary>A lab run's report.</summary>
/// <param name="Name"><c>full</c> or <c>quick</c>.</param>
/// <param name="Commit">What the program that wrote it was built from.</param>
/// <param name="Time">When it was written.</param>
public sealed record LabReport(string Name, LabPlan Plan, string Commit, DateTimeOffset Time, ImmutableArray<SeedRun> Seeds, ImmutableArray<LabTable> Tables);
