using System.Text.Json;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>Labels against the truth: a small job whose steps a program can judge.</summary>
[Collection("jobs")]
public sealed class LabelTruthTests : IDisposable
{
    private readonly GenPrmProgram _genprm = new();

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task Labels_OfAJobWhoseTruthIsKnown_AreRightByRatioAndWorseWhenHard()
    {
        string data = TestMaterial.Shared("data", "last_digits.jsonl");
        string model = TestMaterial.Shared("models", "last-digit-policy");
        await SandboxFixture.RequireAsync();
        await _genprm.RunAsync(
            0,
            "run", "--problems", data, "--limit", "24", "--policy", model, "--judge", model, "--name", "truth",
            "--set", "rollouts.temperature=1.4", "--set", "completions.temperature=1.4", "--set", "completions.k=32/32/32",
            "--set", "rollouts.max_new_tokens=128", "--set", "completions.max_new_tokens=128",
            "--set", "rationales.max_new_tokens=16", "--set", "rationales.force_conclusion=false");
        await _genprm.RunAsync(0, "relabel", "truth", "--estimator", "hard");

        double ratio = await RightAsync(data, labelling: 1);
        double hard = await RightAsync(data, labelling: 2);

        TestContext.Current.SendDiagnosticMessage($"steps labelled right: ratio {ratio:0.000}, hard {hard:0.000}");
        Assert.True(ratio >= 0.95, $"ratio 0.8 labels {ratio:0.000} of the steps right");
        Assert.True(hard < ratio, $"hard labels are right for {hard:0.000}, ratio for {ratio:0.000}");
    }

    /// <summary>The share of steps with a truth whose label is it.</summary>
    private async Task<double> RightAsync(string data, int labelling)
    {
        string folder = Path.Combine(_genprm.Folder, $"labelling-{labelling}");
        await _genprm.RunAsync(0, "export", "truth", "--labelling", $"{labelling}", "--to", folder, "--format", "jsonl");
        Dictionary<string, LastDigitTruth> truths = Summaries.Lines(data).ToDictionary(line => line.GetProperty("id").GetString()!, LastDigitTruth.Of);
        (int right, int all) = (0, 0);
        foreach (var rollout in Summaries.Lines(Path.Combine(folder, "steps.jsonl")).GroupBy(step => (step.GetProperty("problem_id").GetString()!, step.GetProperty("rollout").GetInt32())))
        {
            JsonElement[] steps = [.. rollout.OrderBy(step => step.GetProperty("step").GetInt32())];
            foreach ((bool truth, JsonElement step) in truths[rollout.Key.Item1].Of(steps.Select(step => step.GetProperty("text").GetString()!)).Zip(steps))
            {
                all++;
                right += truth == step.GetProperty("label").GetBoolean() ? 1 : 0;
            }
        }

        Assert.True(all > 100, $"only {all} steps have a truth");
        return (double)right / all;
    }
}
