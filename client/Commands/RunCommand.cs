using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Doctor;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Problems;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm run</c> and <c>genprm resume</c>: work on a job until it ends.</summary>
public static class RunCommand
{
    private const int BadLinesShown = 20;

    public static Command Create()
    {
        var file = new Argument<string?>("job.yaml") { Description = "A job file; flags go over what it says", Arity = ArgumentArity.ZeroOrOne };
        var fresh = new Option<bool>("--new") { Description = "Start another job even if this one exists" };
        var command = new ExampleCommand("run", "Run a job to its end, or go on with it: problems in, verified samples out")
        {
            Examples =
            [
                ("genprm run", "The example job of the repository: tiny models, a couple of minutes."),
                ("genprm run --problems sums.jsonl --limit 8 --examples worked_examples.jsonl --policy MODEL --judge MODEL", "The first 8 problems with real models."),
                ("genprm run job.yaml --seed 2 --set rollouts.max=32 --set completions.k=16/8/8", "A job file, and flags over it."),
            ],
        };
        command.Arguments.Add(file);
        var jobOptions = new JobOptions(command);
        command.Options.Add(fresh);
        var host = new WorkingHost(command);
        command.Does(async (parsed, cancellation) =>
        {
            JobDraft flags = jobOptions.Read(parsed);
            string? path = parsed.GetValue(file);
            bool example = path is null && flags.Problems is null && flags.Policy is null && flags.Judge is null;
            if (example)
                path = ExampleJob.File();
            JobDraft draft = path is null ? flags : JobFile.Read(path).With(flags);
            PreparedJob prepared = PreparedJob.Make(draft);
            if (example)
                host.Say($"The example job, {path}. Its models are tiny, so expect no accepted sample: it shows the machinery.");
            Report(prepared, host.Say);
            bool makeNew = parsed.GetValue(fresh);
            string? made = null;
            return await host.RunAsync(
                parsed,
                async (grains, cancel) => made = made is null
                    ? await JobRunner.StartAsync(prepared, makeNew, grains, host.Say, cancel)
                    : await JobRunner.ResumeAsync(made, grains, cancel),
                cancellation);
        });
        return command;
    }

    public static Command Resume()
    {
        Argument<string?> job = StoreCommand.JobArgument();
        var command = new ExampleCommand("resume", "Go on with a job that was paused, stopped or killed")
        {
            Examples = [("genprm resume", "The newest job."), ("genprm resume sums", "Job `sums`, from what was stored.")],
        };
        command.Arguments.Add(job);
        var host = new WorkingHost(command);
        command.Does((parsed, cancellation) =>
            host.RunAsync(parsed, (grains, cancel) => JobRunner.ResumeAsync(parsed.GetValue(job), grains, cancel), cancellation));
        return command;
    }

    /// <summary>What was wrong with the input, and what the job is.</summary>
    private static void Report(PreparedJob prepared, Action<string> say)
    {
        foreach (LineIssue issue in prepared.Issues.Take(BadLinesShown))
            say($"{issue}{(issue.IsBad ? "; left out" : "")}");
        if (prepared.Issues.Length > BadLinesShown)
            say($"... and {prepared.Issues.Length - BadLinesShown} more lines left out");
        say($"{prepared.Problems.Length} problems, profile {prepared.Request.Spec.Parameters.Profile}, policy {prepared.Request.Spec.Models.Policy}");
    }

    /// <summary>The options and the work that <c>run</c> and <c>resume</c> share.</summary>
    private sealed class WorkingHost
    {
        private readonly Option<string?> _data = CommonOptions.Data();
        private readonly Option<string?> _redis = CommonOptions.Redis();
        private readonly Option<bool> _json = CommonOptions.Json();
        private readonly Option<bool> _yes = CommonOptions.Yes();
        private readonly DeviceOptions _devices;

        public WorkingHost(ExampleCommand command)
        {
            _devices = new DeviceOptions(command);
            foreach (Option option in new Option[] { _data, _redis, _json, _yes })
                command.Options.Add(option);
        }

        /// <summary>Remarks go to the error stream, so that the output is the summary alone.</summary>
        public Action<string> Say { get; } = line => Console.Error.WriteLine(line);

        public async Task<int> RunAsync(ParseResult parsed, Func<IGrainFactory, CancellationToken, Task<string>> start, CancellationToken cancellation)
        {
            string? redis = parsed.GetValue(_redis);
            if (redis is null)
                await MachineSetup.EnsureSandboxAsync(parsed.GetValue(_yes), Say, cancellation);
            var session = new SessionOptions
            {
                Folder = CommonOptions.Folder(parsed.GetValue(_data)),
                Redis = redis,
                Settings = SessionOptions.Working with { Generate = _devices.Read(parsed) },
            };
            var screen = new JobScreen(parsed.InvocationConfiguration.Output, parsed.GetValue(_json), TimeProvider.System);
            return await new JobRunner(session, screen, Say).RunAsync(start, cancellation);
        }
    }
}
