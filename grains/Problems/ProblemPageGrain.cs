using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using Orleans.Concurrency;
using Orleans.Placement;

namespace GenPrm.Grains.Problems;

/// <summary>The newest reports of 64 neighbouring problems: what lists and totals are made of, without waking a problem. Key: <c>JOB/page3</c>.</summary>
[Alias("genprm.IProblemPageGrain")]
internal interface IProblemPageGrain : IGrainWithStringKey
{
    const int Size = 64;

    static string KeyOf(string job, int ordinal) => $"{job}/page{ordinal / Size}";

    /// <summary>Keeps reports that are newer than what is there. They are stored when this returns.</summary>
    [Alias("ReportAll")]
    Task ReportAll(ImmutableArray<ProblemReport> reports);

    [Alias("Report")]
    Task Report(ProblemReport report);

    /// <summary>The reports in order.</summary>
    [Alias("List")]
    Task<ImmutableArray<ProblemReport>> List();

    /// <summary>The sums over the page's problems.</summary>
    [Alias("Totals")]
    Task<JobTotals> Totals();
}

/// <summary>A page's reports by ordinal.</summary>
[GenerateSerializer, Immutable, Alias("genprm.problem-page")]
internal sealed record ProblemPage
{
    [Id(0)] public ImmutableSortedDictionary<int, ProblemReport> Reports { get; init; } = ImmutableSortedDictionary<int, ProblemReport>.Empty;

    public ProblemPage Take(ProblemReport report) =>
        Reports.GetValueOrDefault(report.Ordinal) is { } known && known.Version >= report.Version ? this : new() { Reports = Reports.SetItem(report.Ordinal, report) };
}

/// <summary>A hot spot, so it commits in groups: while one write is on its way, reports gather for the next. Reentrant for that reason.</summary>
[GrainType("genprm.problem-page"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement, Reentrant]
internal sealed class ProblemPageGrain([PersistentState("page", GrainStore.Provider)] IPersistentState<ProblemPage> stored) : Grain, IProblemPageGrain
{
    private ProblemPage? gathered;
    private Task writing = Task.CompletedTask;

    private ProblemPage Page => gathered ?? stored.State;

    public Task Report(ProblemReport report) => ReportAll([report]);

    public async Task ReportAll(ImmutableArray<ProblemReport> reports)
    {
        var next = reports.Aggregate(Page, (page, report) => page.Take(report));
        if (ReferenceEquals(next, Page))
        {
            // It is known; it may not be stored yet.
            await writing;
            return;
        }

        gathered = next;
        while (!ReferenceEquals(stored.State, next) && gathered is not null)
        {
            if (writing.IsCompleted)
                writing = WriteAsync();
            await writing;
        }
    }

    public Task<ImmutableArray<ProblemReport>> List() => Task.FromResult(Page.Reports.Values.ToImmutableArray());

    public Task<JobTotals> Totals() => Task.FromResult(Page.Reports.Values.Aggregate(JobTotals.None, (sum, report) => sum.Plus(report)));

    private async Task WriteAsync()
    {
        var next = gathered!;
        try
        {
            await stored.CommitAsync(next, this);
        }
        finally
        {
            if (ReferenceEquals(gathered, next))
                gathered = null;
        }
    }
}
