using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm best-of</c>: the best of N solutions by step rewards, beside majority vote and pass@N.</summary>
public static class BestOfCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--n") { Description = "Solutions that are sampled of a problem that comes without", DefaultValueFactory = _ => 8, HelpName = "N" };
        var command = new ExampleCommand("best-of", "Choose the best of N solutions by their step rewards: last, average, least, beside majority vote and pass@N")
        {
            Examples =
            [
                ("genprm best-of problems.jsonl --policy POLICY --model JUDGE --n 16", "Accuracy at N = 1, 2, 4, 8, 16 where problems have answers."),
                ("genprm best-of candidates.jsonl --model JUDGE --paths 4 --out rows.jsonl", "Given solutions (`solutions` a line); who is chosen is in the rows."),
            ],
        };
        command.Options.Add(count);
        var policyFlags = new PolicyFlags(command);
        var judgeFlags = new JudgeFlags(command, paths: 1);
        command.Does(async (parsed, cancellation) =>
        {
            JudgeSetup setup = judgeFlags.Read(parsed);
            PolicySetup policy = policyFlags.Read(parsed);
            int n = JudgeFlags.AtLeastOne(parsed.GetValue(count), "--n");
            if (policy.Folder is null && policy.Problems.FirstOrDefault(problem => problem.Given.IsEmpty) is { } bare)
                throw new CommandException($"Problem {bare.Id} comes without solutions: give --policy FOLDER to have them sampled.", ExitCodes.Usage);
            SortedDictionary<string, string> settings = setup.Settings();
            policy.AddSettings(settings);
            settings["--n"] = n.ToString(CultureInfo.InvariantCulture);

            using RowLog<BestOfRow> log = RowLog.Open<BestOfRow>(policy.File("best-of", settings), settings);
            ImmutableArray<BestOfRow> rows = await ProblemRows.MakeAsync(setup, policy, log, row => row.Id, Math.Max(1, setup.AtOnce / n), MakeAsync, cancellation);
            BestOfReport report = BestOfReport.Of(rows);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (policy.Json)
                JsonOutput.Write(output, report);
            else
                foreach (string line in SelectionText.Lines(report))
                    await output.WriteLineAsync(line);
            if (JudgementText.Silence([.. rows.SelectMany(row => row.Candidates).Select(one => one.Score).OfType<ScoreRow>()]) is { } silence)
                await Console.Error.WriteLineAsync(silence);
            return ExitCodes.Done;

            async Task<BestOfRow> MakeAsync(PolicyProblem problem, OpenJudge judge, Policy? writer, CancellationToken stop)
            {
                ImmutableArray<Candidate> candidates = problem.Given.IsEmpty
                    ? await writer!.SolveAsync(problem, n, setup.Seed, stop)
                    : [.. problem.Given.Select(solution => Candidate.Of(solution, cut: false, problem.Answer))];
                return await BestOfRow.MakeAsync(problem, candidates, judge.Scorer, setup.Paths, setup.Seed, stop);
            }
        });
        return command;
    }
}
