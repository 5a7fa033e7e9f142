using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Client.Display;
using GenPrm.Client.Export;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Jobs;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Lab.World;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Lab;

/// <summary>A lab run's synthesis: an ordinary job over the lab's problems, and a judge whose first pass over its samples begins while it runs.</summary>
internal sealed class LabSynthesis(LabFolder folder, LabRecipe recipe, ulong seed, GenerateSettings generate, LabModels models, LabScreen screen)
{
    private const string JobName = "demo";
    private const string Part = "job", StepsBeside = "judge-steps-beside-job";

    /// <summary>The job's problems.</summary>
    public ImmutableArray<LabProblem> Problems { get; } = recipe.World.DrawMany(seed, "job", recipe.Problems);

    /// <summary>Runs the job and the training beside it, and exports what it made.</summary>
    public async Task<JobFacts> RunAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation)
    {
        JobFacts facts = await folder.Notebook.OnceAsync(Part, () => WorkAsync(policy, teacher, cancellation));
        if (facts.Failed > 0)
            screen.Say($"{facts.Failed} of the job's problems failed and are left out; why: genprm status {JobName} --data {folder.Store.Path}");
        return facts;
    }

    private async Task<JobFacts> WorkAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation)
    {
        TrainedModel? judge = null;
        double before = folder.Notebook.Seconds.GetValueOrDefault(Part);
        long start = TimeProvider.System.GetTimestamp();
        return await SessionAsync(
            policy, teacher, NoteSteps,
            async (session, cancel) => judge = await models.TrainAsync("judge", teacher.Folder, recipe.Judge, Log(session), cancel),
            async (session, summary) =>
            {
                await new JobExport(session.Grains, JobName, labelling: 1).WriteAsync(folder.Export(1), ExportFormats.Jsonl, cancellation);
                return new JobFacts(
                    judge!, folder.Notebook.Read<long>(StepsBeside), summary.Problems.Classes, summary.Rollouts.Classes, summary.Steps.Classes, summary.Rationales.Classes, summary.Samples.Classes,
                    summary.Work.Continuations, summary.Work.Tokens, summary.Work.Blocks, before + TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            },
            cancellation);
    }

    /// <summary>When the job's end is seen for the first time: how many steps the judge's training has made.</summary>
    private void NoteSteps(JobSummary summary)
    {
        if (summary.State != JobState.Done || folder.Notebook.Has(StepsBeside))
            return;
        string metrics = new RunFolder(folder.Model("judge")).MetricsFile;
        folder.Notebook.Write(StepsBeside, File.Exists(metrics) ? File.ReadLines(metrics).LongCount() : 0);
    }

    /// <summary>The labelled steps of the job, as it exported them.</summary>
    public ImmutableArray<StepRow> Steps() =>
        [.. File.ReadLines(Path.Combine(folder.Export(1), "steps.jsonl")).Select(line => JsonSerializer.Deserialize<StepRow>(line, ExportJson.Options)!)];

    /// <summary>Every critique of the finished job, accepted or not.</summary>
    public async Task<ImmutableArray<SampleRow>> CritiquesAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation)
    {
        Critiques critiques = await folder.Notebook.OnceAsync("critiques", async () => await SessionAsync(
            policy, teacher, _ => { }, (_, _) => Task.CompletedTask, (session, _) => WrittenCritiques.ReadAsync(session.Grains, JobName, cancellation), cancellation));
        if (critiques.LeftOut > 0)
            screen.Say($"{critiques.LeftOut} critiques are left out of all filters: what their code printed was cut, and is not found in them again.");
        return critiques.Rows;
    }

    private Task<T> SessionAsync<T>(
        TrainedModel policy, TrainedModel teacher, Action<JobSummary> look, Func<ClusterSession, CancellationToken, Task> beside, Func<ClusterSession, JobSummary, Task<T>> after, CancellationToken cancellation)
    {
        WriteProblems();
        PreparedJob prepared = PreparedJob.Make(new JobDraft
        {
            Name = JobName,
            Problems = folder.Problems,
            Policy = policy.Folder,
            Judge = teacher.Folder,
            Profile = "laptop",
            Parameters = recipe.JobParameters(seed),
        });
        return new LabJob(folder, generate, text => screen.Say($"{text}")).RunAsync(prepared, Look, beside, after, cancellation);

        void Look(JobSummary summary)
        {
            screen.Progress($"{Line(summary)}");
            look(summary);
        }
    }

    private static LoggedSamples Log(ClusterSession session) => new(session.Grains, JobName, 1, TimeProvider.System, (_, _) => { });

    private static string Line(JobSummary summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"problems {SummaryText.EndedProblems(summary)}/{summary.Problems.Total}, {summary.Work.Tokens:N0} tokens, {summary.Work.Blocks} code blocks, {summary.Samples["accepted"]} samples accepted");

    private void WriteProblems()
    {
        if (File.Exists(folder.Problems))
            return;
        IEnumerable<string> lines = Problems.Select((problem, i) => JsonSerializer.Serialize(new { id = string.Create(CultureInfo.InvariantCulture, $"lab-{i}"), problem = problem.Text, answer = problem.Answer }));
        WholeFile.Write(folder.Problems, string.Join('\n', lines) + "\n");
    }
}
