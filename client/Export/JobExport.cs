using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Views;

namespace GenPrm.Client.Export;

/// <summary>What an export wrote.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Samples">Accepted conversations.</param>
/// <param name="Steps">Labelled steps.</param>
public sealed record ExportResult(string Folder, long Samples, long Steps);

/// <summary>Writes one labelling of a job: <c>samples</c> (conversations), <c>steps</c> (every labelled step with its counts), <c>summary.json</c> (all counts).</summary>
public sealed class JobExport(IGrainFactory grains, string job, int labelling)
{
    public async Task<ExportResult> WriteAsync(string folder, ExportFormats formats, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        long samples = await new RowFile<SampleRow, SampleColumns>(folder, "samples", formats, SampleColumns.Of).WriteAsync(SamplesAsync(cancellation), cancellation);
        long steps = await new RowFile<StepRow, StepColumns>(folder, "steps", formats, StepColumns.Of).WriteAsync(StepsAsync(cancellation), cancellation);
        JobSummary summary = await GrainCalls.AskAsync(grains.GetGrain<IJobGrain>(job).Summary, cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "summary.json"), JsonSerializer.Serialize(summary, JsonOutput.Options) + "\n", cancellation);
        return new(folder, samples, steps);
    }

    private async IAsyncEnumerable<SampleRow> SamplesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in JobPages.SamplesAsync(grains, job, labelling, cancellation))
            yield return SampleRow.Of(entry.Sample);
    }

    private async IAsyncEnumerable<StepRow> StepsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (ProblemRow problem in JobPages.ProblemsAsync(grains, job, cancellation))
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem.Ordinal}");
            ProblemView? view = await GrainCalls.AskAsync(grains.GetGrain<IProblemViews>(key).View, cancellation);
            foreach (RolloutRow kept in (view?.Rollouts ?? []).Where(rollout => rollout.Kept))
            {
                RolloutView? rollout = await GrainCalls.AskAsync(
                    grains.GetGrain<IRolloutViews>(string.Create(CultureInfo.InvariantCulture, $"{key}/r{kept.Index}")).View, cancellation);
                foreach (StepRow row in Rows(problem, kept, rollout))
                    yield return row;
            }
        }
    }

    private IEnumerable<StepRow> Rows(ProblemRow problem, RolloutRow kept, RolloutView? rollout)
    {
        RolloutLabels? labels = rollout?.Labellings.FirstOrDefault(one => one.Labelling == labelling)?.Labels;
        foreach (StepLabel label in labels?.Steps ?? [])
        {
            StepView step = rollout!.Steps[label.Step - 1];
            yield return new StepRow(
                job, labelling, problem.Ordinal, problem.Id, kept.Index, kept.Correct == true, label.Step, step.Text,
                label.Before.Count, label.Before.Of, label.After.Count, label.After.Of, ClassCounts.NameOf(label.Source), label.Progress, label.Label,
                (int)step.Classes.Total,
                Count(CompletionClass.Right), Count(CompletionClass.Wrong), Count(CompletionClass.Cut), Count(CompletionClass.NoAnswer), Count(CompletionClass.Unknown));

            int Count(CompletionClass @class) => (int)step.Classes[ClassCounts.NameOf(@class)];
        }
    }
}
