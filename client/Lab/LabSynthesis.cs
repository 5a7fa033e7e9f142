using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
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

namespace GenPrm.Client.Lab;

/// <summary>A lab run's synthesis: an ordinary job over the lab's problems, and a judge that is trained on its samples while it runs.</summary>
internal sealed class LabSynthesis(LabFolder folder, LabRecipe recipe, ulong seed, GenerateSettings generate, LabModels models, LabScreen screen)
{
    private const string JobName = "demo";

    /// <summary>The job's problems.</summary>
    public ImmutableArray<LabProblem> Problems { get; } = recipe.World.DrawMany(seed, "job", recipe.Problems);

    /// <summary>Runs the job and the training beside it, and exports what it made.</summary>
    public Task<JobFacts> RunAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation) => folder.Notebook.OnceAsync("job", async () =>
    {
        TrainedModel? judge = null;
        long start = TimeProvider.System.GetTimestamp();
        return await SessionAsync(
            policy, teacher,
            async (session, cancel) => judge = await models.TrainAsync("judge", teacher.Folder, recipe.Judge, Log(session), cancel),
            async (session, summary) =>
            {
                await new JobExport(session.Grains, JobName, labelling: 1).WriteAsync(folder.Export(1), ExportFormats.Jsonl, cancellation);
                return new JobFacts(
                    judge!, summary.Problems.Classes, summary.Rollouts.Classes, summary.Steps.Classes, summary.Rationales.Classes, summary.Samples.Classes,
                    summary.Work.Continuations, summary.Work.Tokens, summary.Work.Blocks, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            },
            cancellation);
    });

    /// <summary>The labelled steps of the job, as it exported them.</summary>
    public ImmutableArray<StepRow> Steps() =>
        [.. File.ReadLines(Path.Combine(folder.Export(1), "steps.jsonl")).Select(line => JsonSerializer.Deserialize<StepRow>(line, ExportJson.Options)!)];

    /// <summary>Every critique of the finished job, accepted or not.</summary>
    public async Task<ImmutableArray<SampleRow>> CritiquesAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation) =>
        await folder.Notebook.OnceAsync("critiques", async () => await SessionAsync(
            policy, teacher, (_, _) => Task.CompletedTask, (session, _) => WrittenCritiques.ReadAsync(session.Grains, JobName, cancellation), cancellation));

    private Task<T> SessionAsync<T>(
        TrainedModel policy, TrainedModel teacher, Func<ClusterSession, CancellationToken, Task> beside, Func<ClusterSession, JobSummary, Task<T>> after, CancellationToken cancellation)
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
        return new LabJob(folder, generate, text => screen.Say($"{text}")).RunAsync(prepared, summary => screen.Progress($"{Line(summary)}"), beside, after, cancellation);
    }

    private static LoggedSamples Log(ClusterSession session) => new(session.Grains, JobName, 1, TimeProvider.System, (_, _) => { });

    private static string Line(JobSummary summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"problems {summary.Problems["done"] + summary.Problems["too_easy"] + summary.Problems["too_hard"]}/{summary.Problems.Total}, {summary.Work.Tokens:N0} tokens, {summary.Work.Blocks} code blocks, {summary.Samples["accepted"]} samples accepted");

    private void WriteProblems()
    {
        if (File.Exists(folder.Problems))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Problems)!);
        File.WriteAllLines(folder.Problems, Problems.Select((problem, i) => JsonSerializer.Serialize(new { id = string.Create(CultureInfo.InvariantCulture, $"lab-{i}"), problem = problem.Text, answer = problem.Answer })));
    }
}
