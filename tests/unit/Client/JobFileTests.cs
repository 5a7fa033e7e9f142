using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Jobs;

namespace GenPrm.Tests.Client;

public sealed class JobFileTests
{
    private static JobDraft Parse(string yaml) => JobFile.Parse(new StringReader(yaml), "/jobs/sums.yaml");

    [Fact]
    public void Parse_WholeFile_ReadsPathsBesideItAndParametersInOrder()
    {
        JobDraft draft = Parse("""
            name: sums
            problems: data/sums.jsonl
            examples: /elsewhere/worked.jsonl
            policy: served-by-a-silo
            limit: 8
            seed: 7
            on_bad_line: fail
            parameters:
              rollouts.max: 32
              completions: { k: 8/4/4 }
            """);

        Assert.Equal("sums", draft.Name);
        Assert.Equal("/jobs/data/sums.jsonl", draft.Problems);
        Assert.Equal("/elsewhere/worked.jsonl", draft.Examples);
        Assert.Equal("served-by-a-silo", draft.Policy);
        Assert.Equal(8, draft.Limit);
        Assert.Equal(BadLinePolicy.Fail, draft.OnBadLine);
        Assert.Equal([new("seed", "7"), new("rollouts.max", "32"), new("completions.k", "8/4/4")], draft.Parameters);
    }

    [Theory]
    [InlineData("problem: sums.jsonl", "'problem'")]
    [InlineData("limit: none", "'none'")]
    [InlineData("limit: 0", "'0'")]
    [InlineData("- a\n- b", "mapping")]
    [InlineData("name: [a, b]", "single value")]
    [InlineData("name: 'open", "line")]
    [InlineData("on_bad_line: ignore", "'ignore'")]
    public void Parse_SomethingWrong_SaysWhat(string yaml, string part)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, yaml);
            var refused = Assert.Throws<CommandException>(() => JobFile.Read(path));
            Assert.Equal(ExitCodes.Usage, refused.ExitCode);
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void With_FlagsOverAFile_FlagsWinAndTheRestStays()
    {
        var file = new JobDraft { Name = "a", Limit = 8, Parameters = [new("seed", "1")] };
        var flags = new JobDraft { Limit = 2, Parameters = [new("seed", "2")] };

        JobDraft both = file.With(flags);

        Assert.Equal("a", both.Name);
        Assert.Equal(2, both.Limit);
        Assert.Equal("2", both.Parameters[^1].Value);
    }
}
