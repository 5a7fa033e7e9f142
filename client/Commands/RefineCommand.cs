using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm refine</c>: critique and rewrite, round by round.</summary>
public static class RefineCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "The most rewrites of a solution", DefaultValueFactory = _ => 3, HelpName = "T" };
        var command = new ExampleCommand("refine", "Send the critique of the first wrong step back to the policy, which writes its solution again")
        {
            Examples =
            [
                ("genprm refine problems.jsonl --policy POLICY --model JUDGE --rounds 3", "Accuracy after each round, where problems have answers."),
            ],
        };
        command.Options.Add(rounds);
        var policyFlags = new PolicyFlags(command);
        var judgeFlags = new JudgeFlags(command, paths: 1);
        command.Does(async (parsed, cancellation) =>
        {
            JudgeSetup setup = judgeFlags.Read(parsed);
            if (setup.Model.Objective == Objective.Scalar)
                throw new CommandException($"{setup.Model.Folder} has a value head and writes no critique to send back. Give a model trained with --objective critique.", ExitCodes.Usage);
            PolicySetup policy = policyFlags.Read(parsed);
            int most = JudgeFlags.AtLeastOne(parsed.GetValue(rounds), "--rounds");
            if (policy.Folder is null)
                throw new CommandException("refine needs the model that writes its solutions again: give --policy FOLDER.", ExitCodes.Usage);
            SortedDictionary<string, string> settings = setup.Settings();
            policy.AddSettings(settings);
            settings["--rounds"] = most.ToString(CultureInfo.InvariantCulture);

            using RowLog<RefinementRow> log = RowLog.Open<RefinementRow>(policy.File("refine", settings), settings);
            ImmutableArray<RefinementRow> rows = await ProblemRows.MakeAsync(setup, policy, log, row => row.Id, setup.AtOnce, MakeAsync, cancellation);
            RefinementReport report = RefinementReport.Of(rows, most);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (policy.Json)
                JsonOutput.Write(output, report);
            else
                foreach (string line in SelectionText.Lines(report))
                    await output.WriteLineAsync(line);
            if (JudgementText.Silence([.. rows.SelectMany(row => row.Rounds).Select(round => round.Score).OfType<ScoreRow>()]) is { } silence)
                await Console.Error.WriteLineAsync(silence);
            return ExitCodes.Done;

            async Task<RefinementRow> MakeAsync(PolicyProblem problem, OpenJudge judge, Policy? writer, CancellationToken stop)
            {
                Candidate first = problem.Given.IsEmpty
                    ? (await writer!.SolveAsync(problem, 1, setup.Seed, stop))[0]
                    : Candidate.Of(problem.Given[0], cut: false, problem.Answer);
                return await RefinementRow.MakeAsync(problem, first, writer!, judge.Scorer, setup.Paths, most, setup.Seed, stop);
            }
        });
        return command;
    }
}
