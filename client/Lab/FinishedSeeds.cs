using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;

namespace GenPrm.Client.Lab;

/// <summary>The seeds of a lab run's folder that are finished, whichever command line worked them out: what the report is of.</summary>
/// <param name="place">The lab run.</param>
/// <param name="plan">Its plan, and <c>full</c> or <c>quick</c>.</param>
/// <param name="settings">What a seed's folder must have been begun with.</param>
internal sealed class FinishedSeeds(LabFolder place, (string Name, LabPlan Numbers) plan, Func<ulong, LabSettings> settings)
{
    private const string Findings = "findings";

    /// <summary>A seed is finished.</summary>
    public void Add(SeedFindings findings) => place.Seed(findings.Seed).Notebook.Write(Findings, findings);

    public bool Has(ulong seed) => place.Seed(seed).Notebook.Has(Findings);

    /// <summary>Writes <c>lab.md</c>, <c>lab.json</c> and the plots, of every finished seed that has the same settings. Other processes, which work on other seeds, are waited for while they do.</summary>
    /// <returns>The seeds.</returns>
    public async Task<ImmutableArray<ulong>> ReportAsync(TimeProvider time, CancellationToken cancellation)
    {
        using IDisposable held = await place.HoldInTurnAsync(time, cancellation);
        var (runs, findings) = (ImmutableArray.CreateBuilder<SeedRun>(), ImmutableArray.CreateBuilder<SeedFindings>());
        foreach (ulong seed in place.Seeds())
        {
            LabFolder folder = place.Seed(seed);
            if (!File.Exists(folder.Settings) || !folder.Notebook.Has(Findings))
                continue;
            LabSettings there = LabSettings.Read(folder.Settings);
            if (!there.DifferencesTo(settings(seed)).IsEmpty)
                continue;
            runs.Add(new(seed, folder.Seconds, there.Commit, there.Dtype));
            findings.Add(folder.Notebook.Read<SeedFindings>(Findings));
        }

        var report = new LabReport(plan.Name, plan.Numbers, ProgramVersion.Commit, time.GetUtcNow(), runs.ToImmutable(), new LabTables(plan.Numbers, findings.ToImmutable()).All());
        WholeFile.Write(place.In("lab.md"), LabMarkdown.Write(report));
        WholeFile.Write(place.In("lab.json"), JsonSerializer.Serialize(report, Notebook.Json) + "\n");
        foreach ((int i, LabTable table) in report.Tables.Index())
            WholeFile.Write(place.In(string.Create(CultureInfo.InvariantCulture, $"lab-{i + 1}.svg")), LabPlot.Draw(report, table));
        return [.. report.Seeds.Select(seed => seed.Seed)];
    }
}
