using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm train</c>: fine-tunes a process reward model on a job's verified samples, or on a file of them.</summary>
public static class TrainCommand
{
    private static readonly TrainingOptions Defaults = new() { Model = "", Out = "" };

    public static Command Create()
    {
        var command = new ExampleCommand("train", "Fine-tune a process reward model on verified samples")
        {
            Examples =
            [
                ("genprm train --samples data/samples.jsonl --model MODEL --out runs/a", "All samples of an export, once; the same line again goes on where it stopped."),
                ("genprm train --job sums --model MODEL --out runs/b --schedule constant", "Follow a job while it runs."),
                ("genprm train --samples FILE --model MODEL --out runs/c --lora 16", "An adapter of rank 16; `genprm train merge` makes a model of it."),
                ("genprm train preview --samples FILE --model MODEL", "See which tokens are trained."),
            ],
        };
        var source = new TrainingSource(command);
        var flags = new TrainingFlags(command, Defaults);
        command.Subcommands.Add(TrainPreviewCommand.Create());
        command.Subcommands.Add(TrainMergeCommand.Create());
        command.Does(async (parsed, cancellation) =>
        {
            TrainingOptions options = flags.Read(parsed);
            await using OpenSource samples = await source.OpenAsync(parsed, cancellation);
            var screen = new TrainingScreen(parsed.InvocationConfiguration.Output, parsed.GetValue(flags.Json));
            await new TrainingRun(options, samples.Samples, screen.Show, TimeProvider.System).RunAsync(cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}

/// <summary>Where samples come from: <c>--samples FILE</c>, or <c>--job JOB</c> with the options of a store.</summary>
internal sealed class TrainingSource
{
    private readonly Option<string?> _samples = new("--samples") { Description = "JSONL with `messages` a line, such as samples.jsonl of `genprm export`", HelpName = "file" };
    private readonly Option<string?> _job = new("--job") { Description = "Follow this job's sample log instead", HelpName = "job" };
    private readonly Option<int> _labelling = new("--labelling") { Description = "Which of the job's labellings", DefaultValueFactory = _ => 1, HelpName = "number" };
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _redis = CommonOptions.Redis();

    public TrainingSource(ExampleCommand command)
    {
        foreach (Option option in new Option[] { _samples, _job, _labelling, _data, _redis })
            command.Options.Add(option);
    }

    public async Task<OpenSource> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (file, job) = (parsed.GetValue(_samples), parsed.GetValue(_job));
        if (file is null == job is null)
            throw new CommandException("Give --samples FILE or --job JOB, one of them.", ExitCodes.Usage);
        if (file is not null)
            return new(new ListedSamples(SampleFile.Read(file)), null);
        var session = new LastingSession(
            new SessionOptions { Folder = CommonOptions.Folder(parsed.GetValue(_data)), Redis = parsed.GetValue(_redis) }, Console.Error.WriteLine);
        try
        {
            await session.OpenAsync(cancellation);
            int labelling = parsed.GetValue(_labelling);
            string name = await session.AskAsync(grains => JobNames.FindAsync(grains, job, labelling, cancellation), cancellation);
            return new(
                new LoggedSamples(
                    session, name, labelling, TimeProvider.System,
                    (there, wanted) => Console.Error.WriteLine($"Waiting for samples of job {name}: {there} of {wanted}.")),
                session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}

/// <summary>Samples, and the session that they come through.</summary>
internal sealed record OpenSource(ISampleSource Samples, LastingSession? Session) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (Session is not null)
            await Session.DisposeAsync();
    }
}
