using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Core.Equality.Checking;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm answers check FILE</c>: holds the judge of answers against a file of labelled pairs.</summary>
public static class AnswersCommand
{
    // Characters of an answer that are written back as JSON.
    private const int LongestEcho = 2_000;

    public static Command Create() => new("answers", "Compare math answers") { Check() };

    private static ExampleCommand Check()
    {
        var file = new Argument<string>("file") { Description = "JSON Lines with `gold`, `prediction` and, if known, `equal`, `category`, `source`, `suspect`" };
        Option<bool> json = CommonOptions.Json();
        var atLeast = new Option<double?>("--at-least") { Description = "Percentage of scored rows that must be agreed with (0 to 100), else the exit code is 4", HelpName = "PERCENT" };
        atLeast.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) && percent is >= 0 and <= 100))
                result.AddError($"--at-least {result.Tokens[0].Value}: not a percentage from 0 to 100");
        });
        var command = new ExampleCommand("check", "Count how often the verdicts on a file's pairs are its labels")
        {
            Examples = [("genprm answers check ../shared/data/answer_pairs.jsonl", "Counts in all and by source, and every row not agreed with."), ("genprm answers check pairs.jsonl --at-least 99.5", "The same as a gate: exit code 4 below 99.5 %.")],
        };
        command.Arguments.Add(file);
        command.Options.Add(json);
        command.Options.Add(atLeast);
        command.Does(async (parsed, cancellation) =>
        {
            AnswerCheckReport report = AnswerCheck.Run(await ReadAsync(parsed.GetValue(file)!, cancellation), TimeProvider.System, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                JsonOutput.Write(output, Fields(report));
            else
                Print(report, output);
            return parsed.GetValue(atLeast) is { } percent && report.Total.Agree * 100.0 < percent * report.Total.Rows ? ExitCodes.CheckFailed : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<AnswerPair>> ReadAsync(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
            throw new CommandException($"{path} is a folder; a file of JSON Lines is wanted", ExitCodes.Usage);
        if (!File.Exists(path))
            throw new CommandException($"{path}: there is no such file", ExitCodes.Usage);
        try
        {
            return await AnswerPair.ReadAsync(path, cancellation);
        }
        catch (InvalidDataException bad)
        {
            throw new CommandException(bad.Message, ExitCodes.Usage);
        }
    }

    private static object Fields(AnswerCheckReport report) => new
    {
        report.Total.Rows,
        report.Suspect,
        report.NoAnswer,
        report.Total.Agree,
        report.Total.FalseYes,
        report.Total.FalseNo,
        report.Total.Unknown,
        report.Unlabelled,
        report.ByCategory,
        report.BySource,
        Disagreeing = report.Disagreeing.Select(row => row with { Gold = Bounded(row.Gold), Prediction = Bounded(row.Prediction) }),
        ChecksPerSecond = report.ChecksPerSecond is { } rate ? Math.Round(rate) : default(double?),
    };

    // A prediction may be a whole solution; its end is where its answer stands.
    private static string Bounded(string text) => text.Length <= LongestEcho ? text : $"… {text[^LongestEcho..]}";

    private static void Print(AnswerCheckReport report, TextWriter output)
    {
        foreach (AnswerDisagreement row in report.Disagreeing)
        {
            output.WriteLine($"{row.Id}: {(row.Equal ? "equal" : "different")} says the file, {row.Verdict.ToString().ToLowerInvariant()} the check ({row.Reason})");
            output.WriteLine($"    {Excerpt(row.Gold)}");
            output.WriteLine($"    {Excerpt(row.Prediction)}");
        }

        output.WriteLine($"{"",-64} {"rows",6} {"agree",6} {"false yes",10} {"false no",9} {"unknown",8}");
        foreach ((string name, AnswerTally tally) in report.ByCategory.Concat(report.BySource))
            Line(name, tally);
        Line("all", report.Total);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Suspect} suspect rows and {report.Unlabelled} without a label not scored; {report.NoAnswer} without an answer; {(report.ChecksPerSecond is { } rate ? $"{rate:0} checks a second" : "too few rows for a rate")}"));

        void Line(string name, AnswerTally tally) =>
            output.WriteLine($"{(name.Length <= 64 ? name : name[..64]),-64} {tally.Rows,6} {tally.Agree,6} {tally.FalseYes,10} {tally.FalseNo,9} {tally.Unknown,8}");
    }

    private static string Excerpt(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 120 ? line : $"{line[..56]} … {line[^60..]}";
    }
}
