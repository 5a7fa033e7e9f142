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
        // The policy was taught without an instruction; ours, which speaks of steps, costs it ten points of its answers.
        await _genprm.RunAsync(
            0,
            "run", "--problems", data, "--limit", "40", "--policy", model, "--judge", model, "--name", "truth",
            "--set", "rollouts.instruction=",
            "--set", "rollouts.temperature=1.4", "--set", "completions.temperature=1.4", "--set", "completions.k=32/32/32",
            "--set", "rollouts.max_new_tokens=128", "--set", "completions.max_new_tokens=128",
            "--set", "rationales.max_new_tokens=16", "--set", "rationales.force_conclusion=false");
        await _genprm.RunAsync(0, "relabel", "truth", "--estimator", "hard");

        Labelled[] ratio = await LabelsAsync(data, labelling: 1);
        Labelled[] hard = await LabelsAsync(data, labelling: 2);

        Labelled[] estimable = [.. ratio.Where(step => !step.IsRedundantRedo)];
        string found = $"ratio 0.8 labels {Right(ratio):0.000} of {ratio.Length} steps right, {Right(estimable):0.000} without redundant redos; hard {Right(hard):0.000}";
        TestContext.Current.SendDiagnosticMessage(found);
        Assert.True(ratio.Length > 300, $"only {ratio.Length} steps have a truth");
        Assert.True(Right(estimable) >= 0.95, found);
        Assert.True(Right(ratio) >= 0.9, found);
        Assert.True(Right(hard) < Right(ratio), found);
    }

    private static double Right(Labelled[] steps) => (double)steps.Count(step => step.Truth == step.Label) / steps.Length;

    /// <summary>Every step with a truth, and its label.</summary>
    private async Task<Labelled[]> LabelsAsync(string data, int labelling)
    {
        string folder = Path.Combine(_genprm.Folder, $"labelling-{labelling}");
        await _genprm.RunAsync(0, "export", "truth", "--labelling", $"{labelling}", "--to", folder, "--format", "jsonl");
        Dictionary<string, LastDigitTruth> truths = Summaries.Lines(data).ToDictionary(line => line.GetProperty("id").GetString()!, LastDigitTruth.Of);
        List<Labelled> labels = [];
        foreach (var rollout in Summaries.Lines(Path.Combine(folder, "steps.jsonl")).GroupBy(step => (step.GetProperty("problem_id").GetString()!, step.GetProperty("rollout").GetInt32())))
        {
            JsonElement[] steps = [.. rollout.OrderBy(step => step.GetProperty("step").GetInt32())];
            string[] texts = [.. steps.Select(step => step.GetProperty("text").GetString()!)];
            labels.AddRange(truths[rollout.Key.Item1].Of(texts).Select((truth, index) => new Labelled(texts[index], truth, steps[index].GetProperty("label").GetBoolean())));
        }

        return [.. labels];
    }

    private sealed record Labelled(string Text, bool Truth, bool Label)
    {
        /// <summary>A right step said once more is wrong by the data's rule, yet takes nothing from the chance of a right answer:
        /// no estimate made from answers can see it.</summary>
        public bool IsRedundantRedo => !Truth && Text.StartsWith("redo", StringComparison.Ordinal);
    }
}
