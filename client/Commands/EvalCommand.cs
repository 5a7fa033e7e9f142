using System.Collections.Immutable;
using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Core.Identity;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm eval processbench FILE…</c>: Pass@1 and Maj@N in one run.</summary>
public static class EvalCommand
{
    public static Command Create() => new("eval", "Measure a process reward model") { ProcessBenchFiles() };

    private static ExampleCommand ProcessBenchFiles()
    {
        var files = new Argument<string[]>("files") { Description = "Files in ProcessBench's own form; each is a subset", Arity = ArgumentArity.OneOrMore, HelpName = "file" };
        var @out = new Option<string?>("--out", "-o") { Description = "Rows as JSON Lines; the same command goes on with them [default: in the store folder, by a hash of all settings]", HelpName = "file" };
        var limit = new Option<int?>("--limit") { Description = "Only N rows of each file, drawn once for all: a larger N has the smaller one's rows too (the files are sorted by label)", HelpName = "N" };
        Option<string?> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        var command = new ExampleCommand("processbench", "Find the first wrong step of ProcessBench's solutions: F1 as Pass@1 and Maj@N, with 95 % intervals")
        {
            Examples =
            [
                ("genprm eval processbench gsm8k.json math.json --model MODEL --paths 8", "Pass@1 and Maj@2, 4, 8 from the same eight paths."),
                ("genprm eval processbench gsm8k.json --model MODEL --paths 1 --limit 20 --max-tokens 256 --out rows.jsonl", "A quick look; the same line again goes on where it stopped."),
            ],
        };
        command.Arguments.Add(files);
        foreach (Option option in new Option[] { @out, limit, data, json })
            command.Options.Add(option);
        var flags = new JudgeFlags(command, paths: 8);
        command.Does(async (parsed, cancellation) =>
        {
            JudgeSetup setup = flags.Read(parsed);
            SortedDictionary<string, string> settings = setup.Settings();
            int most = JudgeFlags.AtLeastOne(parsed.GetValue(limit) ?? int.MaxValue, "--limit");
            ImmutableArray<BenchRow> rows = ReadAll(parsed.GetRequiredValue(files), most, settings);
            string to = parsed.GetValue(@out)
                ?? Path.Combine(CommonOptions.Folder(parsed.GetValue(data)).Path, "evaluations", $"processbench-{InputText.Digest(string.Join('\n', settings))}.jsonl");
            using RowLog<ProcessBenchResult> log = RowLog.Open<ProcessBenchResult>(to, settings, row => row.Score.TroubleWith(setup.Paths, int.MaxValue));
            await Console.Error.WriteLineAsync($"Rows go to {Path.GetFullPath(to)}");
            await JudgeAsync(setup, rows, log, cancellation);
            var asked = rows.Select(row => (row.Subset, row.Number)).ToHashSet();
            ProcessBenchReport report = ProcessBenchReport.Of([.. log.Rows.Where(row => asked.Contains((row.Subset, row.Row)))], setup.Paths);
            if (parsed.GetValue(json))
                JsonOutput.Write(parsed.InvocationConfiguration.Output, report);
            else
                foreach (string line in ProcessBenchText.Lines(report))
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            return report.Subsets.Any(subset => subset.Judged > 0) ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Judges what the log does not have yet.</summary>
    private static async Task JudgeAsync(JudgeSetup setup, ImmutableArray<BenchRow> rows, RowLog<ProcessBenchResult> log, CancellationToken cancellation)
    {
        var known = log.Rows.Select(row => (row.Subset, row.Row)).ToHashSet();
        BenchRow[] missing = [.. rows.Where(row => !known.Contains((row.Subset, row.Number)))];
        int done = rows.Length - missing.Length;
        if (done > 0)
            await Console.Error.WriteLineAsync($"{done} of {rows.Length} rows are there already.");
        if (missing.Length == 0)
            return;
        await using OpenJudge judge = await setup.OpenAsync(null, Console.Error.WriteLine, cancellation);
        await using LiveLine live = LiveLine.Start(JudgeCommand.Progress(() => done, rows.Length, judge.Work), TimeProvider.System);
        var plan = new PanelPlan(setup.Paths, PanelStop.FirstWrongOfEveryVote);
        await foreach (ProcessBenchResult result in InFlight.RunAsync(
            missing,
            setup.AtOnce,
            async (one, stop) => new ProcessBenchResult(one.Subset, one.Number, one.Row.Id, one.Row.Label, ScoreRow.Of(await judge.Scorer.ScoreAsync(one.Solution, plan, setup.Seed, stop))),
            cancellation))
        {
            log.Add(result);
            done++;
        }
    }

    private static ImmutableArray<BenchRow> ReadAll(string[] files, int most, SortedDictionary<string, string> settings)
    {
        var rows = ImmutableArray.CreateBuilder<BenchRow>();
        foreach (string file in files)
        {
            string text = InputText.Read(file);
            string subset = Path.GetFileNameWithoutExtension(file);
            if (!settings.TryAdd($"subset {subset}", InputText.Digest(text)))
                throw new CommandException($"{file}: two files are called {subset}, which names the subset. Rename one.", ExitCodes.Usage);
            // The benchmark's files are sorted by label: rows are taken in an order of their own, the same for every model and seed.
            rows.AddRange(InputText.Parse(file, text, ProcessBench.Read).Select((row, i) => new BenchRow(subset, i + 1, row))
                .OrderBy(row => RandomStream.SeedOf(0, row.Solution.Id)).Take(most));
        }

        return rows.Count > 0 ? rows.ToImmutable() : throw new CommandException($"{string.Join(", ", files)}: there is no row to judge.", ExitCodes.Usage);
    }

    /// <summary>A row and its place.</summary>
    private sealed record BenchRow(string Subset, int Number, ProcessBenchRow Row)
    {
        public Solution Solution => new($"{Subset}/{Number}", Row.Problem, Row.Steps);
    }
}
