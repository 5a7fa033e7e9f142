using System.CommandLine;
using GenPrm.Client;
using GenPrm.Client.CommandLine;

namespace GenPrm.Tests.Unit.Training;

public sealed class TrainCommandTests
{
    [Theory]
    [InlineData("--lora-alpha 8", "--lora", ExitCodes.Usage)]
    [InlineData("--lora-targets q_proj", "--lora", ExitCodes.Usage)]
    [InlineData("--lora 0", "--lora 0", ExitCodes.Failed)]
    [InlineData("--lora 100000", "--lora 100000", ExitCodes.Failed)]
    [InlineData("--lora 4 --lora-targets q", "--lora-targets q", ExitCodes.Failed)]
    [InlineData("--dtype fp16", "--dtype fp16", ExitCodes.Failed)]
    [InlineData("--save-minutes 0", "--save-minutes 0", ExitCodes.Failed)]
    public async Task Train_OptionThatIsNotPossible_IsAMessageThatNamesIt(string flags, string named, int expected)
    {
        using var folder = new TemporaryFolder();
        var samples = folder.Write("samples.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n");
        using var errors = new StringWriter();
        string[] line = ["train", "--samples", samples, "--model", TrainingRuns.ModelFolder, "--out", Path.Combine(folder.Path, "out"), .. flags.Split(' ')];

        var code = await GenPrmCommand.Create().Parse(line).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = errors }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, code);
        Assert.StartsWith("genprm: ", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(named, errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "no such folder")]
    [InlineData(true, "step-000020")]
    public async Task Train_ModelThatIsNoModelsFolder_SaysWhatToGive(bool run, string said)
    {
        using var folder = new TemporaryFolder();
        var samples = folder.Write("samples.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n");
        var model = Path.Combine(folder.Path, "run");
        if (run)
        {
            Directory.CreateDirectory(Path.Combine(model, "step-000010"));
            Directory.CreateDirectory(Path.Combine(model, "step-000020"));
        }

        using var errors = new StringWriter();
        var code = await GenPrmCommand.Create().Parse(["train", "--samples", samples, "--model", model, "--out", Path.Combine(folder.Path, "out")])
            .InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = errors }, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "out")));
    }

    [Fact]
    public async Task Preview_BehindTheLastSample_SaysHowManyThereAre()
    {
        using var folder = new TemporaryFolder();
        var samples = folder.Write("samples.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n");
        using var errors = new StringWriter();

        await GenPrmCommand.Create().Parse(["train", "preview", "--samples", samples, "--model", TrainingRuns.ModelFolder, "--sample", "2"])
            .InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = errors }, TestContext.Current.CancellationToken);

        Assert.Contains("--sample 2: there are only 1 samples", errors.ToString(), StringComparison.Ordinal);
    }
}
