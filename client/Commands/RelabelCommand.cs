using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Equality;
using GenPrm.Core.Labels;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm relabel</c>: other labels from the same counts, beside the old ones, without sampling again.</summary>
public static class RelabelCommand
{
    public static Command Create()
    {
        Argument<string?> job = StoreCommand.JobArgument();
        var estimator = new Option<Estimator>("--estimator") { Description = "ratio, difference or hard", DefaultValueFactory = _ => Estimator.Ratio, HelpName = "name" };
        var epsilon = new Option<string>("--epsilon") { Description = $"The threshold: {Labelling.EpsilonAllowed}", DefaultValueFactory = _ => "0.8", HelpName = "value" };
        var start = new Option<StartEstimate>("--start") { Description = "Whose Pass@1 step 1 is compared with: policy or completer", DefaultValueFactory = _ => StartEstimate.Policy, HelpName = "name" };
        var store = new StoreCommand(new ExampleCommand("relabel", "Make a new labelling from the stored counts; old labels and samples stay")
        {
            Examples =
            [
                ("genprm relabel sums --epsilon 0.5", "A second labelling of job `sums`, by the ratio at 0.5."),
                ("genprm relabel sums --estimator hard", "Hard labels, to compare."),
            ],
        });
        store.Command.Arguments.Add(job);
        foreach (Option option in new Option[] { estimator, epsilon, start })
            store.Command.Options.Add(option);
        return store.Does(async (parsed, session, cancellation) =>
        {
            string text = parsed.GetValue(epsilon)!;
            if (!Labelling.TryParseEpsilon(text, out decimal threshold))
                throw new CommandException($"--epsilon is '{text}'; it takes {Labelling.EpsilonAllowed}.", ExitCodes.Usage);
            string name = await JobNames.FindAsync(session.Grains, parsed.GetValue(job), cancellation);
            IJobGrain grain = session.Grains.GetGrain<IJobGrain>(name);
            JobRequest request = await GrainCalls.AskAsync(grain.Request, cancellation) ?? throw new CommandException($"Job {name} was never handed in whole. Type its `genprm run` again.");
            var rule = new Labelling(0, parsed.GetValue(estimator), threshold, parsed.GetValue(start), request.Spec.Parameters.Completions.K, Answers.CheckerVersion);
            bool ended = (await GrainCalls.AskAsync(grain.Summary, cancellation)).State == JobState.Done;
            int number = await GrainCalls.AskAsync(() => grain.Relabel(rule), cancellation);
            // A job that had ended works again until every rollout has its new labels. That needs no engine, but this process, if it hosts the store.
            if (ended && !store.Json(parsed))
                await new JobScreen(parsed.InvocationConfiguration.Output, json: false, TimeProvider.System).FollowAsync(grain, cancellation);
            else if (ended)
                await new JobScreen(TextWriter.Null, json: true, TimeProvider.System).FollowAsync(grain, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (store.Json(parsed))
                JsonOutput.Write(output, new { job = name, labelling = number });
            else
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Job {name} has labelling {number} ({LabellingText.Of(rule)}). See it with: genprm status {name}     Export it with: genprm export {name} --labelling {number}"));
            return ExitCodes.Done;
        });
    }
}
