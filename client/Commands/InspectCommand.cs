using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Views;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm inspect</c>: a job's problems, a problem's rollouts, a rollout's steps and critiques, or one step with all its counts.</summary>
public static class InspectCommand
{
    public static Command Create()
    {
        Argument<string?> address = StoreCommand.JobArgument();
        address.Description = "JOB, JOB/17, JOB/17/r3 or JOB/17/r3/s2 [default: the newest job]";
        var problemId = new Option<string?>("--problem") { Description = "A problem by its id in the input file", HelpName = "id" };
        var store = new StoreCommand(new ExampleCommand("inspect", "Look into a job: problems, rollouts, steps, critiques")
        {
            Examples =
            [
                ("genprm inspect sums", "A line for each problem of job `sums`."),
                ("genprm inspect sums/17", "Problem 17 and its rollouts."),
                ("genprm inspect sums/17/r3", "Rollout 3: its steps with labels, and its critiques."),
                ("genprm inspect sums/17/r3/s2", "Step 2: text, counts, P_t, label, critique, code and what it printed."),
                ("genprm inspect sums --problem train/algebra/12.json", "The problem with this id."),
            ],
        });
        store.Command.Arguments.Add(address);
        store.Command.Options.Add(problemId);
        return store.Does(async (parsed, session, cancellation) =>
        {
            JobAddress asked = JobAddress.Parse(parsed.GetValue(address));
            string job = await JobNames.FindAsync(session.Grains, asked.Job, cancellation);
            int? problem = parsed.GetValue(problemId) is { } id ? await FindProblemAsync(session.Grains, job, id, cancellation) : asked.Problem;
            var look = new Look(session.Grains, job, parsed.InvocationConfiguration.Output, store.Json(parsed));
            await ((problem, asked.Rollout, asked.Step) switch
            {
                (null, _, _) => look.JobAsync(cancellation),
                ({ } number, null, _) => look.ProblemAsync(number, cancellation),
                ({ } number, { } rollout, null) => look.RolloutAsync(number, rollout, cancellation),
                ({ } number, { } rollout, { } step) => look.StepAsync(number, rollout, step, cancellation),
            });
            return ExitCodes.Done;
        });
    }

    private static async Task<int> FindProblemAsync(IGrainFactory grains, string job, string id, CancellationToken cancellation)
    {
        await foreach (ProblemRow row in JobPages.ProblemsAsync(grains, job, cancellation))
        {
            if (row.Id == id)
                return row.Ordinal;
        }

        throw new CommandException($"Job {job} has no problem with the id '{id}'. `genprm inspect {job}` lists them.");
    }

    /// <summary>One look at one place of a job.</summary>
    private sealed class Look(IGrainFactory grains, string job, TextWriter output, bool json)
    {
        public async Task JobAsync(CancellationToken cancellation)
        {
            var rows = new List<ProblemRow>();
            await foreach (ProblemRow row in JobPages.ProblemsAsync(grains, job, cancellation))
                rows.Add(row);
            JobRequest? request = await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(job).Request(), cancellation);
            Show(new { job, request, problems = rows }, () => InspectText.Job(job, request, rows));
        }

        public async Task ProblemAsync(int problem, CancellationToken cancellation)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem}");
            ProblemView view = Found(await GrainCalls.AskAsync(() => grains.GetGrain<IProblemViews>(key).View(), cancellation), $"problem {problem}", job);
            Show(view, () => InspectText.Problem(key, view));
        }

        public async Task RolloutAsync(int problem, int rollout, CancellationToken cancellation)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem}/r{rollout}");
            RolloutView view = Found(await GrainCalls.AskAsync(() => grains.GetGrain<IRolloutViews>(key).View(), cancellation), "kept rollout there", $"{job}/{problem}");
            Show(view, () => InspectText.Rollout(key, view));
        }

        public async Task StepAsync(int problem, int rollout, int step, CancellationToken cancellation)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem}/r{rollout}");
            StepView view = Found(await GrainCalls.AskAsync(() => grains.GetGrain<IRolloutViews>(key).ViewStep(step), cancellation), $"step {step}", key);
            Show(view, () => InspectText.Step(key, view));
        }

        private static T Found<T>(T? view, string what, string where)
            where T : class => view ?? throw new CommandException($"There is no {what} in {where}. `genprm inspect {where}` shows what there is.");

        private void Show<T>(T value, Func<IEnumerable<string>> lines)
        {
            if (json)
                JsonOutput.Write(output, value);
            else
                output.WriteLine(VisibleText.Of(string.Join(Environment.NewLine, lines())));
        }
    }
}
