using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Export;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm export</c>: a job's samples and labelled steps as files that <c>datasets.load_dataset</c> reads.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        Argument<string?> job = StoreCommand.JobArgument();
        var to = new Option<string>("--to", "-o") { Description = "The folder to write to [default: ./JOB]", HelpName = "folder" };
        var format = new Option<string>("--format") { Description = "jsonl, parquet or both", DefaultValueFactory = _ => "both", HelpName = "name" };
        format.AcceptOnlyFromAmong("jsonl", "parquet", "both");
        var labelling = new Option<int>("--labelling") { Description = "Which labelling", DefaultValueFactory = _ => 1, HelpName = "number" };
        var store = new StoreCommand(new ExampleCommand("export", "Write accepted samples and labelled steps as JSONL and Parquet")
        {
            Examples =
            [
                ("genprm export sums --to data", "data/samples.jsonl, data/steps.parquet, data/summary.json and so on."),
                ("genprm export sums --labelling 2 --format parquet", "The second labelling, as Parquet alone."),
            ],
        });
        store.Command.Arguments.Add(job);
        foreach (Option option in new Option[] { to, format, labelling })
            store.Command.Options.Add(option);
        return store.Does(async (parsed, session, cancellation) =>
        {
            int number = parsed.GetValue(labelling);
            string name = await JobNames.FindAsync(session.Grains, parsed.GetValue(job), number, cancellation);
            ExportFormats formats = parsed.GetValue(format) switch { "jsonl" => ExportFormats.Jsonl, "parquet" => ExportFormats.Parquet, _ => ExportFormats.Jsonl | ExportFormats.Parquet };
            string folder = Path.GetFullPath(parsed.GetValue(to) ?? name);
            ExportResult result = await new JobExport(session.Grains, name, number).WriteAsync(folder, formats, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (store.Json(parsed))
                JsonOutput.Write(output, new { job = name, labelling = number, result.Folder, result.Samples, result.Steps });
            else
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Samples} samples and {result.Steps} labelled steps of job {name} are in {result.Folder}"));
            return ExitCodes.Done;
        });
    }
}
