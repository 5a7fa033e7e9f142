using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Lab.Reports;

/// <summary>A figure over all seeds.</summary>
/// <param name="Mean">Of the seeds' figures.</param>
/// <param name="Seeds">Each seed's, in order.</param>
/// <param name="Interval">95 %, of the mean, over the solutions; null where none is worked out.</param>
public sealed record LabCell(double Mean, ImmutableArray<double> Seeds, Interval? Interval);

/// <summary>A row of a table; a cell is null where no seed has the figure.</summary>
public sealed record LabRow(string Name, ImmutableArray<LabCell?> Cells);

/// <summary>What the paper says, beside what came out here.</summary>
/// <param name="Text">What should be greater than what.</param>
/// <param name="Difference">The mean difference, in 0 .. 1 units; for the paper if it is positive.</param>
/// <param name="SeedsFor">Seeds in which it is positive.</param>
public sealed record LabClaim(string Text, double Difference, int SeedsFor, int Seeds)
{
    public bool Holds => Difference > 0;
}

/// <summary>The answer to one of the lab's questions.</summary>
/// <param name="Question">1 to 7.</param>
/// <param name="Note">What has to be known to read it.</param>
public sealed record LabTable(int Question, string Title, string Note, ImmutableArray<string> Columns, ImmutableArray<LabRow> Rows, ImmutableArray<LabClaim> Claims);

/// <summary>A lab run's report.</summary>
/// <param name="Plan"><c>full</c> or <c>quick</c>.</param>
/// <param name="Commit">What the program was built from.</param>
/// <param name="Time">When it was written.</param>
public sealed record LabReport(string Plan, string Commit, DateTimeOffset Time, ImmutableArray<ulong> Seeds, ImmutableArray<LabTable> Tables);
