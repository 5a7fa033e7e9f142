using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Client;

public sealed class PreparedJobTests : IDisposable
{
    private readonly string _problems = Path.GetTempFileName();

    public void Dispose() => File.Delete(_problems);

    private JobDraft Draft(params string[] lines)
    {
        File.WriteAllLines(_problems, lines);
        return new JobDraft { Problems = _problems, Policy = "a-policy", Judge = "a-judge" };
    }

    [Fact]
    public void Make_NoName_NamesTheJobByWhatItIs()
    {
        JobDraft draft = Draft("""{"problem":"1+1","answer":"2"}""");

        PreparedJob first = PreparedJob.Make(draft);

        Assert.Equal(first.Name, PreparedJob.Make(draft).Name);
        Assert.NotEqual(first.Name, PreparedJob.Make(draft with { Policy = "another" }).Name);
        Assert.NotEqual(first.Name, PreparedJob.Make(draft with { Parameters = [new("seed", "2")] }).Name);
    }

    [Fact]
    public void Make_NoCompleter_ThePolicyCompletes() =>
        Assert.Equal("a-policy", PreparedJob.Make(Draft("""{"problem":"1+1","answer":"2"}""")).Request.Spec.Models.Completer);

    [Fact]
    public void Make_BadLinesToSkip_CountsAndNamesThem()
    {
        PreparedJob prepared = PreparedJob.Make(Draft(
            """{"problem":"1+1","answer":"2"}""",
            """{"problem":"2+2"}""",
            """{"problem":"1+1","answer":"3"}""",
            """{"problem":"1+1","answer":"2"}"""));

        Assert.Equal([(2, LineClass.NoAnswer), (3, LineClass.Conflict), (4, LineClass.Duplicate)], prepared.Issues.Select(issue => (issue.Line, issue.Class)));
        Assert.Equal(4, prepared.Request.Input.Total);
        Assert.Equal(1, prepared.Request.ProblemCount);
    }

    [Fact]
    public void Make_BadLinesAreFatal_RefusesWithLineAndReason()
    {
        JobDraft draft = Draft("""{"problem":"1+1","answer":"2"}""", """{"problem":"2+2"}""") with { OnBadLine = BadLinePolicy.Fail };

        var refused = Assert.Throws<CommandException>(() => PreparedJob.Make(draft));

        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("answer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_AModelThatCanNotBeRun_IsRefusedBeforeThereIsAJob()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama")))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        JobDraft draft = Draft("""{"problem":"1+1","answer":"2"}""") with { Policy = folder.Path };
        Assert.Equal(folder.Path, PreparedJob.Make(draft).Request.Spec.Models.Policy);

        File.WriteAllBytes(Path.Combine(folder.Path, "model.safetensors"), File.ReadAllBytes(Path.Combine(folder.Path, "model.safetensors"))[..^100]);

        Assert.Contains("truncated", Assert.Throws<CheckpointException>(() => PreparedJob.Make(draft)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollouts.maximum", "32")]
    [InlineData("rollouts.max", "many")]
    public void Make_ParameterThatWillNotDo_NamesIt(string name, string value)
    {
        JobDraft draft = Draft("""{"problem":"1+1","answer":"2"}""") with { Parameters = [new(name, value)] };

        var refused = Assert.Throws<CommandException>(() => PreparedJob.Make(draft));

        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_NoPolicy_SaysHowToGiveOne()
    {
        JobDraft draft = Draft("""{"problem":"1+1","answer":"2"}""") with { Policy = null };

        Assert.Contains("--policy", Assert.Throws<CommandException>(() => PreparedJob.Make(draft)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with/slash")]
    [InlineData("with blank")]
    [InlineData("")]
    public void Make_NameThatIsNoKey_IsRefused(string name) =>
        Assert.Throws<CommandException>(() => PreparedJob.Make(Draft("""{"problem":"1+1","answer":"2"}""") with { Name = name }));
}
