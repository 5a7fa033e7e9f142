using System.Diagnostics;
using System.Text.Json;
using GenPrm.Tests.EndToEnd.Jobs;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Verification;

/// <summary>The real program judging with real models and real containers.</summary>
[Collection("jobs")]
public sealed class JudgeTests : IDisposable
{
    private readonly GenPrmProgram _genprm = new();

    private static string TinyModel => Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-qwen3");

    private static string ChatModel => TestMaterial.ModelFolder(TestMaterial.Shared("models", "smollm2-135m-instruct"));

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task Judge_ChatModel_WritesCodeThatRunsInContainersAndStatesItsRewards()
    {
        await SandboxFixture.RequireAsync();
        string solutions = Write("solutions.jsonl", """{"id": "sum", "problem": "What is 17 + 25?", "solution": "Step 1: 17 + 25 = 42.\nStep 2: The answer is \\boxed{42}."}""");
        string rows = Path.Combine(_genprm.Folder, "judged.jsonl");
        string output = await _genprm.RunAsync(
            0, "judge", solutions, "--model", ChatModel, "--mode", "code", "--paths", "8", "--every-step", "--max-tokens", "96", "--out", rows, "--json");

        JsonElement row = JsonDocument.Parse(output).RootElement;
        JsonElement score = row.GetProperty("score");
        Assert.Equal(("sum", "judged", 2), (row.GetProperty("id").GetString(), score.GetProperty("class").GetString(), score.GetProperty("rewards").GetArrayLength()));
        Assert.All(score.GetProperty("rewards").EnumerateArray(), reward => Assert.InRange(reward.GetDouble(), 0, 1));
        var code = score.GetProperty("paths").EnumerateArray().SelectMany(path => path.GetProperty("steps").EnumerateArray()).SelectMany(step => step.GetProperty("code").EnumerateArray()).ToList();
        Assert.NotEmpty(code);
        Assert.All(code, block => Assert.NotEqual("", block.GetProperty("class").GetString()));

        // The same line again has nothing left to do, and the readable form shows what is there.
        string readable = await _genprm.RunAsync(0, "judge", solutions, "--model", ChatModel, "--mode", "code", "--paths", "8", "--every-step", "--max-tokens", "96", "--out", rows);
        Assert.StartsWith("sum   ", readable, StringComparison.Ordinal);
        Assert.Contains("  s2   ", readable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalProcessBench_KilledInTheMiddle_GoesOnAndEndsAsIfItHadNotBeen()
    {
        await SandboxFixture.RequireAsync();
        string bench = TestMaterial.Shared("data", "processbench", "gsm8k.json");
        // In f32: in bf16 the make-up of the running batch moves a logit's last bits, and so a draw now and then.
        string[] Line(string rows, params string[] more) =>
            ["eval", "processbench", bench, "--model", TinyModel, "--limit", "6", "--paths", "2", "--max-tokens", "48", "--at-once", "2", "--dtype", "f32", "--out", Path.Combine(_genprm.Folder, rows), .. more];

        Process killed = _genprm.Start(Line("killed.jsonl"));
        while (Rows("killed.jsonl").Length < 2)
            Assert.False(killed.WaitForExit(TimeSpan.FromMilliseconds(50)), "The run ended before it could be killed.");
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        int before = Rows("killed.jsonl").Length;
        await File.AppendAllTextAsync(Path.Combine(_genprm.Folder, "killed.jsonl"), "{\"subset\":\"gsm", TestContext.Current.CancellationToken);

        JsonElement resumed = await _genprm.JsonAsync(Line("killed.jsonl"));
        JsonElement whole = await _genprm.JsonAsync(Line("whole.jsonl"));

        Assert.InRange(before, 2, 5);
        Assert.Equal(whole.GetRawText(), resumed.GetRawText());
        Assert.Equal(Rows("whole.jsonl").Order(StringComparer.Ordinal), Rows("killed.jsonl").Order(StringComparer.Ordinal));
        JsonElement subset = whole.GetProperty("subsets")[0];
        Assert.Equal(6, subset.GetProperty("rows").GetInt32());
        Assert.Equal(6, subset.GetProperty("judged").GetInt32() + subset.GetProperty("failed").GetInt32());

        (int code, _, string said) = await GenPrmProgram.EndAsync(_genprm.Start(Line("whole.jsonl", "--seed", "2")));
        Assert.Equal(1, code);
        Assert.Contains("--seed was 1 and is 2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScalarModel_TrainedHere_JudgesAndIsEvaluatedByTheSameCommands()
    {
        static string Turn(string role, string content) => JsonSerializer.Serialize(new { role, content });
        static string Word(bool label) => label ? "fine" : "off";
        static string Sample(int number)
        {
            bool[] labels = [.. Enumerable.Repeat(true, 1 + (number % 3)), .. number % 2 == 0 ? [false] : Array.Empty<bool>()];
            IEnumerable<string> turns = labels.SelectMany((label, i) => (string[])
                [Turn("user", $"{(i == 0 ? "How?\n" : "")}{i} {Word(label)}"), Turn("assistant", label ? "\\boxed{Yes}" : "\\boxed{No}")]);
            return $$"""{"messages": [{{string.Join(", ", turns)}}], "labels": {{JsonSerializer.Serialize(labels)}}, "problem_id": "{{number}}"}""";
        }

        string samples = Write("scalar.jsonl", string.Join('\n', Enumerable.Range(0, 96).Select(Sample)));
        string run = Path.Combine(_genprm.Folder, "scalar");
        string start = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");
        await _genprm.RunAsync(
            0, "train", "--samples", samples, "--model", start, "--out", run, "--objective", "scalar", "--lr", "0.01", "--warmup", "2", "--batch", "8", "--epochs", "4", "--held-out", "0", "--dtype", "f32");
        string model = Assert.Single(Directory.GetDirectories(run, "step-*"));

        string solutions = Write("two.jsonl", """
            {"id": "a", "problem": "How?", "steps": ["0 fine", "1 off", "2 fine"]}
            {"id": "b", "problem": "How?", "steps": ["0 fine", "1 fine"]}
            """);
        JsonElement[] judged = [.. (await _genprm.RunAsync(0, "judge", solutions, "--model", model, "--every-step", "--dtype", "f32", "--json"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).OrderBy(row => row.GetProperty("id").GetString())];
        Assert.Equal([2, null], judged.Select(row => row.GetProperty("score").GetProperty("first_wrong_step") is { ValueKind: JsonValueKind.Number } step ? step.GetInt32() : (int?)null));
        Assert.Equal([3, 2], judged.Select(row => row.GetProperty("score").GetProperty("rewards").GetArrayLength()));

        string bench = Write("words.json", """
            [{"id": "w-1", "generator": "g", "problem": "How?", "steps": ["0 fine", "1 off"], "final_answer_correct": false, "label": 1},
             {"id": "w-2", "generator": "g", "problem": "How?", "steps": ["0 fine", "1 fine"], "final_answer_correct": true, "label": -1}]
            """);
        JsonElement report = await _genprm.JsonAsync("eval", "processbench", bench, "--model", model, "--dtype", "f32");
        JsonElement figures = Assert.Single(report.GetProperty("subsets")[0].GetProperty("votes").EnumerateArray());
        Assert.Equal((1, 1.0), (figures.GetProperty("paths").GetInt32(), figures.GetProperty("f1").GetDouble()));

        string candidates = Write("candidates.jsonl", """{"id": "c", "problem": "How?", "answer": "1", "solutions": ["Step 1: 0 off \\boxed{2}", "Step 1: 0 fine \\boxed{1}"]}""");
        JsonElement best = await _genprm.JsonAsync("best-of", candidates, "--model", model, "--dtype", "f32");
        Assert.Equal(2, best.GetProperty("candidates").EnumerateObject().Sum(one => one.Value.GetInt32()));
        Assert.Equal([1, 2], best.GetProperty("figures").EnumerateArray().Select(figures => figures.GetProperty("n").GetInt32()));

        (int code, _, string said) = await GenPrmProgram.EndAsync(_genprm.Start("refine", candidates, "--policy", start, "--model", model));
        Assert.Equal(2, code);
        Assert.Contains("writes no critique", said, StringComparison.Ordinal);
        (code, _, said) = await GenPrmProgram.EndAsync(_genprm.Start("judge", solutions, "--model", model, "--mode", "both"));
        Assert.Equal(2, code);
        Assert.Contains("Leave --mode out", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BestOfAndRefine_RealPolicy_ReportAccuracyAndGoOn()
    {
        string policy = Path.Combine(TestMaterial.RepositoryRoot, "examples", "models", "last-digits");
        string problems = TestMaterial.Shared("data", "last_digits.jsonl");
        string[] judge = ["--policy", policy, "--model", TinyModel, "--mode", "analysis", "--max-tokens", "16", "--limit", "3"];

        JsonElement best = await _genprm.JsonAsync(["best-of", problems, .. judge, "--n", "4"]);
        Assert.Equal([1, 2, 4], best.GetProperty("figures").EnumerateArray().Select(figures => figures.GetProperty("n").GetInt32()));
        Assert.Equal(12, best.GetProperty("candidates").EnumerateObject().Sum(one => one.Value.GetInt32()));
        Assert.True(best.GetProperty("figures")[2].GetProperty("pass").GetProperty("share").GetDouble() > 0.5);
        Assert.Equal(best.GetRawText(), (await _genprm.JsonAsync(["best-of", problems, .. judge, "--n", "4"])).GetRawText());

        JsonElement refined = await _genprm.JsonAsync(["refine", problems, .. judge, "--rounds", "2"]);
        Assert.Equal(3, refined.GetProperty("accuracy").GetArrayLength());
        Assert.Equal(3, refined.GetProperty("ends").EnumerateObject().Sum(one => one.Value.GetInt32()));
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_genprm.Folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>The rows that are whole.</summary>
    private string[] Rows(string name)
    {
        string file = Path.Combine(_genprm.Folder, name);
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
