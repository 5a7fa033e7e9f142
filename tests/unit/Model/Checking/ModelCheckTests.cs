using System.Globalization;
using System.Text.Json.Nodes;
using GenPrm.Model.Checking;
using GenPrm.Model.Checkpoints;
using GenPrm.Tests.Unit.Model.TinyCheckpoints;

namespace GenPrm.Tests.Unit.Model.Checking;

public sealed class ModelCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public ModelCheckTests()
    {
        model = Path.Combine(folder.Path, "model");
        TinyCheckpoint.All[0].WriteTo(model);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Run_FolderWithoutReferences_IsLoadedAlone()
    {
        var finding = Assert.Single(Check().Findings);
        Assert.Equal(("loading", true), (finding.Name, finding.Passed));
    }

    [Fact]
    public void Run_ReferenceThatAgrees_Passes()
    {
        WriteReference(_ => { });
        var report = Check();
        Assert.True(report.Passed);
        Assert.Equal(["loading", "prompts", "logits", "log_probabilities", "greedy_path"], report.Findings.Select(finding => finding.Name));
        Assert.All(report.Findings, finding => Assert.InRange(finding.Compared, 1, int.MaxValue));
    }

    [Theory]
    [InlineData("logits", "last_logits", 0, 6e-4)]
    [InlineData("log_probabilities", "token_logprobs", 1, 2e-4)]
    [InlineData("log_probabilities", "greedy_logprobs", 2, -2e-4)]
    public void Run_NumberBeyondItsTolerance_FailsThere(string name, string field, int index, double by)
    {
        WriteReference(one => one[field]![index] = one[field]![index]!.GetValue<double>() + by);
        var failed = Assert.Single(Check().Findings, finding => !finding.Passed);
        Assert.Equal((name, 1), (failed.Name, failed.DifferenceCount));
        Assert.Equal(Math.Abs(by), failed.Largest!.Value, 1e-5);
    }

    [Fact]
    public void Run_GreedyTokenThatIsNotTheBest_Fails()
    {
        WriteReference(one => one["greedy_ids"]![2] = 7);
        Assert.Contains(Check().Findings, finding => finding is { Name: "greedy_path", Passed: false });
    }

    [Theory]
    [InlineData("golden_encodings.jsonl", """{ "text": "Step", "ids": [1] }""", "encodings")]
    [InlineData("golden_chat.jsonl", """{ "messages": [{ "role": "user", "content": "Hi" }], "add_generation_prompt": true, "text": "Hi" }""", "chat")]
    public void Run_TextThatDiffers_FailsThere(string file, string line, string name)
    {
        File.WriteAllText(Path.Combine(model, file), line);
        var failed = Assert.Single(Check().Findings, finding => !finding.Passed);
        Assert.Equal(name, failed.Name);
        Assert.Contains("line 1", failed.Differences[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reference.json", "{}")]
    [InlineData("reference.json", """{ "cases": [{ "input_ids": [9999] }] }""")]
    [InlineData("golden_encodings.jsonl", "[")]
    [InlineData("golden_chat.jsonl", """{ "text": 1 }""")]
    public void Run_BrokenReference_NamesTheFile(string file, string text)
    {
        File.WriteAllText(Path.Combine(model, file), text);
        Assert.Contains(file, Assert.Throws<CheckpointException>(Check).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    public void Run_BrokenModel_IsAFindingThatNamesTheFile(string file)
    {
        File.WriteAllText(Path.Combine(model, file), "{");
        var failed = Assert.Single(Check().Findings);
        Assert.NotEmpty(failed.Differences);
        Assert.All(failed.Differences, difference => Assert.Contains(file, difference, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_LogitsThatAreNotNumbers_IsAFinding()
    {
        var report = ModelCheck.Run(model, _ => new RowByToken(float.NaN), TestContext.Current.CancellationToken);
        Assert.Contains("not finite", Assert.Single(report.Findings[0].Differences), StringComparison.Ordinal);
    }

    private CheckReport Check() => ModelCheck.Run(model, _ => new RowByToken(0), TestContext.Current.CancellationToken);

    /// <summary>A reference that <see cref="RowByToken"/> meets exactly, but for one change.</summary>
    private void WriteReference(Action<JsonObject> change)
    {
        int[] prompt = [.. GenPrm.Model.Tokenization.Tokenizer.Load(model).Encode("Step 1: add", addSpecial: true)];
        var path = new List<int>();
        while (path.Count < 4)
            path.Add(RowByToken.Best([.. prompt, .. path]));
        int[] all = [.. prompt, .. path];
        var logs = Enumerable.Range(1, all.Length - 1).Select(at => RowByToken.LogProbability(all[at - 1], all[at])).ToList();
        var one = new JsonObject
        {
            ["text"] = "Step 1: add",
            ["input_ids"] = Array(prompt),
            ["token_logprobs"] = Array(logs.Take(prompt.Length - 1)),
            ["last_logits"] = Array(RowByToken.Row(prompt[^1]).Select(value => (double)value)),
            ["greedy_ids"] = Array(path),
            ["greedy_logprobs"] = Array(logs.Skip(prompt.Length - 1)),
        };
        change(one);
        File.WriteAllText(Path.Combine(model, "reference.json"), new JsonObject { ["cases"] = new JsonArray(one) }.ToJsonString());
    }

    private static JsonArray Array<T>(IEnumerable<T> values)
        where T : IFormattable => [.. values.Select(value => JsonNode.Parse(value.ToString(null, CultureInfo.InvariantCulture)))];

    /// <summary>Logits that depend on the last token alone.</summary>
    private sealed class RowByToken(float added) : IForwardPass
    {
        public void Run(ReadOnlySpan<int> ids, LogitsRow row)
        {
            for (var position = 0; position < ids.Length; position++)
                row(position, [.. Row(ids[position]).Select(value => value + added)]);
        }

        public static float[] Row(int token) => [.. Enumerable.Range(0, TinyTokenizer.VocabularySize).Select(other => ((token * 31) + (other * 17)) % 101 * 0.05f)];

        public static int Best(int[] ids) => System.Array.IndexOf(Row(ids[^1]), Row(ids[^1]).Max());

        public static double LogProbability(int token, int next) => Row(token)[next] - Math.Log(Row(token).Sum(value => Math.Exp(value)));

        public void Dispose()
        {
        }
    }
}
