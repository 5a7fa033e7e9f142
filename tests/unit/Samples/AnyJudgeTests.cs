using System.Collections.Immutable;
using CsCheck;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;

namespace GenPrm.Tests.Unit.Samples;

/// <summary>Whatever a judge writes and its code prints, the loop ends, nothing of it is lost, and no output is ever trained on.</summary>
public sealed class AnyJudgeTests
{
    private const string Printed = "⟦printed⟧";

    private static readonly string[] Fragments =
    [
        "words ", "\n", "### Paragraph 1\n", "### Paragraph 2\n", "### Paragraph 3\n", "<analyze>\n", "</analyze>\n", "<verify>\n", "</verify>\n", "</think>", "\n```\n", "```python\n", "print(1)\n", "```\n",
        "[Code Output]\n", "\\boxed{1}", "\\boxed{-1}", "fine.\n</analyze>\n<verify>\n```python\nf()\n```\n", "so.\n</verify>\n### Paragraph 2\n<analyze>\n", "so.\n</verify>\n\\boxed{1}", "𝟛",
        "fine.\n</analyze>\n<verify>\n```python\nf()\n```\n", "fine.\n</analyze>\n<verify>\n```python\nf()\n```\n", "so.\n</verify>\n\\boxed{1}", "so.\n</verify>\n\\boxed{1}", "```python\ng()\n```\n",
    ];

    private static readonly ImmutableArray<Step> Steps = StepSplitter.Split("Step 1: a\nStep 2: b\nStep 3: c").Steps;

    [Fact]
    public void Loop_AnyWriting_EndsWithinItsLimitsAndTrainsOnNoOutput()
    {
        var accepted = 0;
        var writing = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]).Array[1, 4].Select(string.Concat);
        Gen.Select(writing.Array[12], Gen.Int[0, 2].Array[12], Gen.Bool, Gen.Bool).Sample(
            (texts, finishes, reasoning, force) =>
            {
                if (force)
                    texts[0] = "fine.\n</analyze>\n<verify>\n```python\nf()\n```\n";
                var parameters = Profiles.Laptop.Rationales with { Reasoning = reasoning, ForceConclusion = force, MaxBlocks = 3, Sampling = new() { MaxNewTokens = 100 } };
                var rationale = RationaleLoop.Begin(parameters);
                var actions = 0;
                for (; !rationale.HasEnded; actions++)
                {
                    Assert.True(actions < 40, "the loop does not end");
                    var before = rationale.Text;
                    rationale = RationaleLoop.Next(rationale, parameters) is RationaleAction.Run run
                        ? RationaleLoop.Ran(rationale, Outcome(run.Blocks.Length), 3, parameters, [])
                        : RationaleLoop.Wrote(rationale, new(texts[actions % 12], (FinishReason)finishes[actions % 12], 10, []), 3, parameters, []);
                    Assert.StartsWith(before, rationale.Text, StringComparison.Ordinal);
                    Assert.True(rationale.RunCode.Count() <= 3);
                }

                Assert.Equal(rationale.Class == RationaleClass.Concluded, rationale.Index is not null);
                foreach (var firstError in new[] { -1, 1, 2 })
                {
                    if (Build(rationale, firstError) is not SampleOutcome.Accepted { Sample: var sample })
                        continue;
                    Interlocked.Increment(ref accepted);
                    foreach (var turn in sample.Turns)
                    {
                        var trained = string.Concat(turn.Trained.Select(span => turn.Message.Content[span.Start..span.End]));
                        Assert.DoesNotContain(Printed, trained, StringComparison.Ordinal);
                        var outputs = rationale.Parts.Where(part => part.Kind == PartKind.Fed).Select(part => part.Text);
                        var rest = outputs.Aggregate(turn.Message.Content, (text, output) => text.Replace(output, "", StringComparison.Ordinal));
                        Assert.Equal(turn.Message.Role == "assistant" ? rest : "", trained);
                    }
                }
            },
            iter: 10_000);
        Assert.True(accepted > 20, $"only {accepted} samples came out, so little was tried");
    }

    private static SandboxOutcome Outcome(int block) => block % 3 == 2
        ? new SandboxOutcome.Failed("", TimeSpan.Zero, "ValueError", Printed)
        : new SandboxOutcome.Completed($"{Printed}\n```\n### Paragraph 2\n</verify>\n{block}", TimeSpan.Zero);

    private static SampleOutcome Build(Rationale rationale, int firstError) =>
        SampleBuilder.Build(new("job", 1, 0, 0, 0), new Problem(0, "p", "What?", "1", 1), Steps,
            new(1, [.. Steps.Select(step => new StepLabel(step.Number, new(1, 2), new(1, 2), ScoreSource.Completions, firstError < 0 || step.Number < firstError))]), rationale);
}
