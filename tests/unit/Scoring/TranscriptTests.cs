using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;

namespace GenPrm.Tests.Unit.Scoring;

/// <summary>The released GenPRM demo's logged prompts, rendered byte for byte by our judge from the text that the model wrote.</summary>
public sealed class TranscriptTests
{
    private static readonly JudgeOptions Demo = new() { Style = PromptStyle.Demo };

    [Fact]
    public void Judge_LoggedRequests_AreRenderedByteForByte()
    {
        var rendered = 0;
        StepJudgement? step = null;
        foreach (var (title, text) in Rows().Where(row => row.Title.StartsWith("paragraph 1 request", StringComparison.Ordinal)))
        {
            var (prompt, turn) = Cut(text);
            if (title.EndsWith('1') || (title.EndsWith('2') && (step is null || !turn.StartsWith(step.Text, StringComparison.Ordinal))))
                step = StepJudge.Begin(1, Demo);
            while (step!.Text != turn)
                step = GoOn(step, turn);
            Assert.Equal(text, prompt + Assert.IsType<JudgeAction.Generate>(StepJudge.Next(step, Demo)).Turn);
            rendered++;
        }

        Assert.True(rendered >= 10, $"{rendered} prompts were rendered");
    }

    [Fact]
    public void VerdictOf_LoggedOutput_IsItsJudgement()
    {
        var rows = Rows();
        var outputs = rows.Where(row => row.Title == "Model Output").SelectMany(row => JsonSerializer.Deserialize<string[]>(row.Text)!).ToArray();
        var rewards = rows.Where(row => row.Title == "Reward").Select(row => double.Parse(row.Text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.NotEmpty(outputs);
        Assert.Equal(rewards.Select(reward => (bool?)(reward >= 0.5)), outputs.Select(StepJudge.VerdictOf));
        Assert.All(outputs, output => Assert.EndsWith(ConversationForm.Judgement(right: true), output, StringComparison.Ordinal));
    }

    /// <summary>Moves the judge on with what the model wrote next in the logged turn: an analysis, or code and what it printed.</summary>
    private static StepJudgement GoOn(StepJudgement step, string turn)
    {
        Assert.StartsWith(step.Text, turn, StringComparison.Ordinal);
        var stop = step.Phase == JudgingPhase.Analyzing ? ConversationForm.AnalyzeClose : "\n```\n";
        var written = turn[step.Text.Length..(turn.IndexOf(stop, step.Text.Length, StringComparison.Ordinal) + stop.Length)];
        step = StepJudge.Wrote(step, new Completion(written, FinishReason.StopString, 1, []), Demo);
        if (step.PendingCode is null)
            return step;
        const string Opening = "[Code Output]\n\n```\n";
        Assert.StartsWith(step.Text + Opening, turn, StringComparison.Ordinal);
        var printed = turn[(step.Text.Length + Opening.Length)..turn.IndexOf("\n```\n", step.Text.Length + Opening.Length, StringComparison.Ordinal)];
        return StepJudge.Ran(step, new SandboxOutcome.Completed(printed + "\n", TimeSpan.Zero), Demo);
    }

    /// <summary>The prompt as our judge writes it in DeepSeek's form, without a generation prompt, and the turn that stood behind it.</summary>
    private static (string Prompt, string Turn) Cut(string text)
    {
        const string Question = "<｜User｜>Question: ";
        var start = text.IndexOf(Question, StringComparison.Ordinal) + Question.Length;
        var end = text.IndexOf("<analyze>\n", StringComparison.Ordinal);
        var halves = text[start..end].Split("\n\n", 2);
        var messages = JudgePath.Empty.Messages(halves[0], [halves[1]], 1, Demo);
        return ($"<｜begin▁of▁sentence｜>{messages[0].Content}<｜User｜>{messages[1].Content}", text[end..]);
    }

    private static List<(string Title, string Text)> Rows() =>
    [
        .. File.ReadLines(TestMaterial.Shared("data", "genprm_transcripts.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (row.GetProperty("title").GetString()!, row.GetProperty("text").GetString()!)),
    ];
}
