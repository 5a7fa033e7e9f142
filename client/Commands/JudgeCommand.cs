using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm judge</c>: step rewards, critiques and code for solutions.</summary>
public static class JudgeCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("solutions") { Description = "JSON Lines or a JSON array: `problem`, and `steps` or a `solution` with lines `Step k:`", HelpName = "file" };
        var @out = new Option<string?>("--out", "-o") { Description = "Write rows with every critique there as JSON Lines; the same command goes on with them", HelpName = "file" };
        var limit = new Option<int?>("--limit") { Description = "Only the first N solutions", HelpName = "N" };
        var every = new Option<bool>("--every-step") { Description = "Go on behind the first wrong step" };
        var json = new Option<bool>("--json") { Description = "Print a JSON object a line (snake_case) for programs" };
        var command = new ExampleCommand("judge", "Judge solutions step by step: rewards, critiques, code and its output")
        {
            Examples =
            [
                ("genprm judge solutions.jsonl --model runs/a/step-000100 --paths 8", "The votes of eight judgements a step, in readable form."),
                ("genprm judge solutions.jsonl --model MODEL --every-step --out judged.jsonl", "All rewards and texts to a file."),
            ],
        };
        command.Arguments.Add(file);
        foreach (Option option in new Option[] { @out, limit, every, json })
            command.Options.Add(option);
        var flags = new JudgeFlags(command, paths: 1);
        command.Does(async (parsed, cancellation) =>
        {
            JudgeSetup setup = flags.Read(parsed);
            string path = parsed.GetRequiredValue(file);
            string text = InputText.Read(path);
            ImmutableArray<Solution> solutions = InputText.Parse(path, text, SolutionFile.Read);
            if (parsed.GetValue(limit) is { } most)
                solutions = [.. solutions.Take(JudgeFlags.AtLeastOne(most, "--limit"))];
            if (solutions.IsEmpty)
                throw new CommandException($"{path} holds no solution.");
            var plan = new PanelPlan(setup.Paths, parsed.GetValue(every) ? PanelStop.Never : PanelStop.FirstWrong);
            var settings = setup.Settings();
            settings["--every-step"] = parsed.GetValue(every) ? "true" : "false";
            settings["solutions"] = InputText.Digest(text);
            using RowLog<JudgedSolution>? log = parsed.GetValue(@out) is { } to ? RowLog.Open<JudgedSolution>(to, settings, Trouble(setup.Paths)) : null;
            Dictionary<string, JudgedSolution> known = (log?.Rows ?? []).ToDictionary(row => row.Id, StringComparer.Ordinal);
            Solution[] missing = [.. solutions.Where(one => !known.ContainsKey(one.Id))];
            TextWriter output = parsed.InvocationConfiguration.Output;
            void Show(JudgedSolution row, Solution solution)
            {
                if (parsed.GetValue(json))
                    output.WriteLine(JsonSerializer.Serialize(row, RowJson.Options));
                else
                    foreach (string line in JudgementText.Lines(solution, row.Score))
                        output.WriteLine(line);
            }

            foreach (Solution solution in solutions.Where(one => known.ContainsKey(one.Id)))
                Show(known[solution.Id], solution);
            if (missing.Length > 0)
            {
                await using OpenJudge judge = await setup.OpenAsync(null, Console.Error.WriteLine, cancellation);
                await using LiveLine live = LiveLine.Start(Progress(() => known.Count, solutions.Length, judge.Work), TimeProvider.System);
                Dictionary<string, Solution> byId = missing.ToDictionary(one => one.Id, StringComparer.Ordinal);
                await foreach (SolutionScore score in InFlight.RunAsync(
                    missing, setup.AtOnce, (one, stop) => judge.Scorer.ScoreAsync(one, plan, setup.Seed, stop), cancellation))
                {
                    var row = new JudgedSolution(score.Id, byId[score.Id].Problem, byId[score.Id].Steps, ScoreRow.Of(score));
                    log?.Add(row);
                    known.Add(row.Id, row);
                    live.Aside(() => Show(row, byId[score.Id]));
                }
            }

            ScoreRow[] scores = [.. solutions.Select(one => known[one.Id].Score)];
            await Console.Error.WriteLineAsync(
                $"{solutions.Length} solutions: {scores.Count(score => score.IsJudged)} judged, of them {scores.Count(score => score.FirstWrongStep is not null)} with a wrong step; {scores.Count(score => !score.IsJudged)} failed.{Unjudged(scores)} Steps count from 1.");
            if (JudgementText.Silence(scores) is { } silence)
                await Console.Error.WriteLineAsync(silence);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Unjudged(ScoreRow[] scores) => scores.Count(score => !score.UnjudgedSteps.IsEmpty) is > 0 and var some ? $" {some} with a step that a path gave no judgement of." : "";

    /// <summary>What a row of a file that is gone on with may have wrong.</summary>
    private static Func<JudgedSolution, string?> Trouble(int paths)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return row => !ids.Add(row.Id) ? $"a row before it is {row.Id} too" : row.Score.TroubleWith(paths, row.Steps.IsDefault ? 0 : row.Steps.Length);
    }

    /// <summary>How far a judge has come.</summary>
    internal static Func<TimeSpan, string> Progress(Func<int> done, int all, Func<VerifierWork> worked) => elapsed =>
    {
        VerifierWork work = worked();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{done()}/{all}, {work.Steps:N0} judgements, {work.Blocks:N0} code blocks, {work.Tokens:N0} tokens, {work.Tokens / Math.Max(1, elapsed.TotalSeconds):N0} tokens/s");
    };
}

/// <summary>A row of <c>judge</c>'s output.</summary>
internal sealed record JudgedSolution(string Id, string Problem, ImmutableArray<string> Steps, ScoreRow Score);
