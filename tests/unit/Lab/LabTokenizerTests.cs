using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Models;
using GenPrm.Lab.Runs;
using GenPrm.Lab.World;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Lab;

/// <summary>The lab's models are ordinary folders, and wherever the product cuts a turn the tokens of its beginning are the beginning of its tokens.</summary>
public sealed class LabTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public LabTokenizerTests()
    {
        _model = Path.Combine(_folder.Path, "model");
        new LabModel().WriteTo(_model, seed: 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_Written_IsAFolderOfTheSizeThatItSays()
    {
        var config = ModelConfig.Load(_model);
        var tokenizer = Tokenizer.Load(_model);
        using var weights = CheckpointReader.Open(_model);
        Assert.Equal(config.ParameterCount, weights.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.InRange(config.ParameterCount, 500_000, 800_000);
        Assert.True(tokenizer.VocabularySize <= config.VocabularySize);
        Assert.Equal([tokenizer.Find("<|end|>")!.Value], config.EndTokens);
        Assert.Equal(5, tokenizer.SpecialTokens.Length);
        const string Text = "naïve ünïcode 🧮 No Yes\n";
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text, addSpecial: true)));
    }

    [Theory]
    [InlineData("policy", 110)]
    [InlineData("teacher", 300)]
    [InlineData("modes", 300)]
    public void Lessons_AreShort_AndEveryBeginningThatIsEverContinuedKeepsItsTokens(string kind, int most)
    {
        var (tokenizer, template) = (Tokenizer.Load(_model), ChatTemplate.Load(_model));
        foreach (var lesson in Lessons(kind, 60))
        {
            ChatMessage[] messages = [.. lesson.Turns.Select(turn => turn.Message)];
            var whole = template.Render(messages, addGenerationPrompt: false);
            var tokens = tokenizer.Encode(whole, addSpecial: false);
            Assert.InRange(tokens.Length, 20, most);
            for (var turn = 0; turn < messages.Length; turn++)
            {
                if (messages[turn].Role != "assistant")
                    continue;
                foreach (var prefill in Cuts(messages[turn].Content))
                {
                    var open = template.RenderOpen(messages[..turn], prefill);
                    var beginning = tokenizer.Encode(open, addSpecial: false);
                    Assert.True(tokens.AsSpan().StartsWith(beginning), $"cut behind {prefill[^Math.Min(40, prefill.Length)..]}");
                }
            }
        }
    }

    [Fact]
    public void Judgements_AreOneTokenEach()
    {
        var tokenizer = Tokenizer.Load(_model);
        Assert.Single(tokenizer.Encode(StepJudge.Yes, addSpecial: false));
        Assert.Single(tokenizer.Encode(StepJudge.No, addSpecial: false));
        Assert.Equal(4, tokenizer.Encode(ConversationForm.Judgement(right: true), addSpecial: false).Length);
    }

    private static ImmutableArray<Conversation> Lessons(string kind, int count)
    {
        var slips = new SlipShares(0.5, 0.35);
        var source = kind switch
        {
            "policy" => LessonSource.Policy(new(), slips, clean: 0, seed: 5),
            "teacher" => LessonSource.Teacher(new(), slips, faults: 0.4, clean: count / 2, erratic: 0.5, seed: 5),
            _ => LessonSource.Modes(LabPlan.Quick.HardWorld, slips, first: count / 2, erratic: 0.5, mistaken: 0.3, seed: 5),
        };
        return source.WindowAsync(0, count, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>Every beginning of a turn that policy, completer, judge or verifier is asked to continue.</summary>
    private static IEnumerable<string> Cuts(string turn)
    {
        ImmutableArray<string> ends =
        [
            "Step 1:", "Step 2:", "Step 3:", JudgePrompt.PlainPrefill, ConversationForm.AnalyzeLeadIn(1) + " ", ConversationForm.AnalyzeLeadIn(3) + " ",
            ConversationForm.AnalyzeClose, "```python\n", "\n```\n", ConversationForm.JudgementOpen, ConversationForm.JudgementOpen + "{", JudgePrompt.Conclusion,
        ];
        return ends.SelectMany(end => Places(turn, end)).Select(place => turn[..place]);
    }

    private static IEnumerable<int> Places(string turn, string end)
    {
        for (var at = turn.IndexOf(end, StringComparison.Ordinal); at >= 0; at = turn.IndexOf(end, at + 1, StringComparison.Ordinal))
            yield return at + end.Length;
    }
}
