using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Lab;

public sealed class LessonTests
{
    private static readonly LabProblem Problem = new(1, 5, [4, -8, 3]);
    private static readonly ImmutableArray<string> WrongSecond = ["a: 5+4, A=9", "b: 9-8, B=2", "c: 2+3, C=5\n\nThe final answer is $\\boxed{5}$."];

    [Fact]
    public void PolicyLesson_OfASlip_TrainsTheWholeSolutionAndNothingElse()
    {
        var lesson = PolicyLesson.Of("x", Problem, new WrittenSolution(WrongSecond, 1));
        var turn = lesson.Turns[^1];
        Assert.StartsWith("Step 1: a: 5+4, A=9\n\nStep 2: b: 9-8, B=2", turn.Message.Content, StringComparison.Ordinal);
        Assert.Equal([new TextSpan(0, turn.Message.Content.Length)], turn.Trained);
        Assert.All(lesson.Turns[..^1], other => Assert.Empty(other.Trained));
    }

    [Fact]
    public void Judge_WithoutAFault_IsTheTruth()
    {
        var random = new RandomStream(2);
        for (var i = 0; i < 300; i++)
        {
            var problem = new LabWorld().Draw(ref random);
            var solution = WrittenSolution.Write(problem, new(0.6, 0.5), ref random);
            var judged = JudgedStep.Judge(problem, solution.Steps, null, ref random);
            Assert.Equal(StepTruth.Of(problem, solution.Steps), judged.Select(step => step.Right));
        }
    }

    [Fact]
    public async Task ModesLessons_InTurn_HoldBothAnalysisAndCode()
    {
        var lessons = await LessonSource.Modes(new() { Digits = 2 }, new(0.5, 0.35), first: 0, erratic: 0.5, mistaken: 0, seed: 3).WindowAsync(0, 6, TestContext.Current.CancellationToken);
        for (var i = 0; i < lessons.Length; i++)
        {
            string turn = lessons[i].Turns[2].Message.Content;
            Assert.Equal(i % 3 != (int)CritiqueParts.Code, turn.Contains("<analyze>", StringComparison.Ordinal));
            Assert.Equal(i % 3 != (int)CritiqueParts.Analysis, turn.Contains("```python", StringComparison.Ordinal));
            Assert.Equal([new TextSpan(0, turn.Length)], lessons[i].Turns[2].Trained);
        }
    }

    /// <summary>Each part says what it found. Where code follows an analysis goes wrong now and then: neither it nor the output is then learnt, and the judgement is the code's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    public async Task ModesLessons_WhoseAnalysisGoesWrong_LearnWhatTheCodeFinds(int first)
    {
        var lessons = await LessonSource.Modes(new() { Digits = 2 }, new(0.5, 0), first, erratic: 0.5, mistaken: 0.5, seed: 3).WindowAsync(0, 150, TestContext.Current.CancellationToken);
        var (same, opposite) = (0, 0);
        foreach (var (i, lesson) in lessons.Index())
        {
            var problem = LabProblem.Parse(lesson.Turns[1].Message.Content.Split('\n')[0]);
            string[] steps = [.. lesson.Turns.Where(turn => turn.Message.Role == "user").Select((turn, k) => k == 0 ? turn.Message.Content[(problem.Text.Length + 1)..] : turn.Message.Content)];
            if (first == 0)
                Assert.Equal(StepTruth.Of(problem, steps), lesson.Labels);
            foreach (var (turn, step, right) in lesson.Turns.Where(turn => turn.Message.Role == "assistant").Zip(steps, lesson.Labels))
            {
                string text = turn.Message.Content, stated = Regex.Match(step, "[A-I]=\\d+").Value;
                bool[] found = [.. Regex.Matches(text, ", which is (\\w+)").Select(match => match.Groups[1].Value == "right")];
                Assert.Equal(i % 3 == (int)CritiqueParts.Both ? 2 : 1, found.Length);
                Assert.Equal(right, found[^1]);
                Assert.EndsWith(ConversationForm.Judgement(right), text, StringComparison.Ordinal);
                if (i % 3 != (int)CritiqueParts.Analysis)
                {
                    var code = Regex.Match(text, @"\n# The paragraph says, ([A-I]=(\d+))\.\nprint\(\((\d+)([+-]\d+)\)%100==(\d+)\)\n");
                    Assert.Equal((stated, code.Groups[2].Value), (code.Groups[1].Value, code.Groups[5].Value));
                    int sum = int.Parse(code.Groups[3].Value, CultureInfo.InvariantCulture) + int.Parse(code.Groups[4].Value, CultureInfo.InvariantCulture);
                    Assert.Equal(right, problem.Keep(sum) == int.Parse(code.Groups[5].Value, CultureInfo.InvariantCulture));
                    Assert.Contains(right ? "True" : "False", text, StringComparison.Ordinal);
                }

                string learnt = string.Concat(turn.Trained.Select(span => text[span.Start..span.End]));
                if (found[0] == right)
                    Assert.Equal(text, learnt);
                else
                    Assert.Equal(text[text.IndexOf("<verify>", StringComparison.Ordinal)..].Replace(CodeFeedback.Fence(right ? "True" : "False"), "", StringComparison.Ordinal), learnt);
                if (i % 3 == (int)CritiqueParts.Both)
                {
                    Assert.Equal(found[0], stated == Regex.Match(text, "[+-]\\d+, ([A-I]=\\d+)").Groups[1].Value);
                    (same, opposite) = found[0] == right ? (same + 1, opposite) : (same, opposite + 1);
                }
            }
        }

        Assert.InRange((double)opposite / (same + opposite), 0.35, 0.65);
    }

    [Fact]
    public async Task RewritingLessons_EverySecondOne_SendAWrongStepBackAndTrainASolutionThatIsRightThere()
    {
        var lessons = await LessonSource.Rewrites(new(), new(0.25, 0.35), seed: 3).WindowAsync(0, 40, TestContext.Current.CancellationToken);
        Assert.All(lessons.Where((_, i) => i % 2 == 1), lesson =>
        {
            Assert.Equal("user", lesson.Turns[^2].Message.Role);
            Assert.StartsWith("This paragraph of your solution may be wrong", lesson.Turns[^2].Message.Content, StringComparison.Ordinal);
            Assert.All(lesson.Turns[..^1], turn => Assert.Empty(turn.Trained));
            var problem = LabProblem.Parse(lesson.Turns[^4].Message.Content);
            var written = Core.Rollouts.StepSplitter.Split(lesson.Turns[^1].Message.Content).Steps;
            int sentBack = StepTruth.FirstWrong(problem, Core.Rollouts.StepSplitter.Split(lesson.Turns[^3].Message.Content).Steps.Select(step => step.Text))!.Value;
            Assert.NotEqual(sentBack, StepTruth.FirstWrong(problem, written.Select(step => step.Text)));
        });
    }

    [Fact]
    public void Judge_WithAFault_IsWrongSomewhere()
    {
        var random = new RandomStream(2);
        for (var i = 0; i < 300; i++)
        {
            var problem = new LabWorld().Draw(ref random);
            var solution = WrittenSolution.Write(problem, new(0.6, 0.5), ref random);
            var fault = Fault.Draw(problem, solution, share: 1, ref random)!;
            var clean = JudgedStep.Judge(problem, solution.Steps, null, ref random)[fault.Step];
            var faulty = JudgedStep.Judge(problem, solution.Steps, fault, ref random)[fault.Step];
            if (fault.Kind == FaultKind.Flipped)
                Assert.Equal(clean with { Right = !clean.Right }, faulty);
            else
            {
                Assert.NotEqual(clean.Code, faulty.Code);
                Assert.InRange(int.Parse(Regex.Match(faulty.Code, @"[+-](\d+)\)").Groups[1].Value, CultureInfo.InvariantCulture), 1, LabWorld.MaxOperand);
            }
        }
    }

    /// <summary>The teacher's two forms say the same: the product makes of its critique the conversation that it was taught.</summary>
    [Fact]
    public void Critique_RunThroughTheProduct_BecomesTheConversation()
    {
        var random = new RandomStream(2);
        var judged = JudgedStep.Judge(Problem, WrongSecond, null, ref random);
        var dialogue = TeacherLesson.Dialogue("x", Problem, WrongSecond, judged);
        var critique = TeacherLesson.Critique("x", Problem, WrongSecond, judged);
        var parameters = new RationaleParameters { Reasoning = false };

        var rationale = RationaleLoop.Begin(parameters);
        var text = critique.Turns[^1].Message.Content;
        foreach (var (written, printed) in Pieces(text[rationale.Text.Length..], judged))
        {
            rationale = RationaleLoop.Wrote(rationale, new Completion(written, printed is null ? FinishReason.EndToken : FinishReason.StopString, 9, []), 3, parameters, []);
            if (printed is not null)
                rationale = RationaleLoop.Ran(rationale, new SandboxOutcome.Completed(printed + "\n", TimeSpan.Zero), 3, parameters, []);
        }

        Assert.Equal((RationaleClass.Concluded, 2), (rationale.Class, rationale.Index));
        Assert.Equal(text, rationale.Text);
        ImmutableArray<Step> steps = [.. WrongSecond.Select((step, i) => new Step(i + 1, step, step))];
        var labels = new RolloutLabels(1, [.. Enumerable.Range(1, 3).Select(step => new StepLabel(step, new(8, 8), new(step == 1 ? 8 : 0, 8), ScoreSource.Completions, step == 1))]);
        var built = Assert.IsType<SampleOutcome.Accepted>(SampleBuilder.Build(new("job", 1, 0, 0, 0), new Problem(0, "x", Problem.Text, Problem.Answer, 1), steps, labels, rationale));
        Assert.Equal(dialogue.Labels, built.Sample.Labels);
        Assert.Equal(dialogue.Turns.Select(turn => turn.Message), built.Sample.Turns.Select(turn => turn.Message));
        Assert.Equal(dialogue.Turns.Select(turn => turn.Trained.ToList()), built.Sample.Turns.Select(turn => turn.Trained.ToList()));
    }

    [Fact]
    public void Critique_EndsAtTheFirstNo()
    {
        var random = new RandomStream(2);
        var judged = JudgedStep.Judge(Problem, WrongSecond, null, ref random);
        Assert.Equal([true, false], judged.Select(step => step.Right));
        Assert.EndsWith("is $\\boxed{2}$.", TeacherLesson.Critique("x", Problem, WrongSecond, judged).Turns[^1].Message.Content, StringComparison.Ordinal);
        Assert.Equal(5, TeacherLesson.Dialogue("x", Problem, WrongSecond, judged).Turns.Length);
    }

    /// <summary>A teacher's first lessons judge every step of solutions whose results are wrong half of the time; the others end where something is found wrong.</summary>
    [Fact]
    public async Task TeacherLessons_GoOnBehindANo_OnlyAtFirst()
    {
        var lessons = await LessonSource.Teacher(new(), new(0.5, 0.25), 0.45, clean: 200, erratic: 0.5, seed: 3).WindowAsync(0, 400, TestContext.Current.CancellationToken);
        bool[][] first = [.. Verdicts(lessons[..200])], later = [.. Verdicts(lessons[200..])];

        Assert.InRange(first.SelectMany(verdicts => verdicts).Average(right => right ? 1 : 0), 0.4, 0.6);
        Assert.Contains(first, verdicts => verdicts.SkipLast(1).Contains(false));
        Assert.DoesNotContain(later, verdicts => verdicts.SkipLast(1).Contains(false));

        static IEnumerable<bool[]> Verdicts(IEnumerable<Conversation> lessons) => lessons.Select(lesson => string.Concat(lesson.Turns.Where(turn => turn.Trained.Any()).Select(turn => turn.Message.Content))
            .Split(", which is ").Skip(1).Select(text => text.StartsWith("right", StringComparison.Ordinal)).ToArray());
    }

    /// <summary>What the code prints is what Python would: whether the sum comes to what the paragraph states.</summary>
    [Fact]
    public void Code_ComparesTheSumWithWhatIsStated()
    {
        var random = new RandomStream(2);
        var judged = JudgedStep.Judge(Problem, WrongSecond, null, ref random);
        foreach (var step in judged)
        {
            var parts = Regex.Match(step.Code, @"^print\(\((\d+)([+-]\d+)\)%10==(\d)\)$");
            Assert.True(parts.Success, step.Code);
            var value = int.Parse(parts.Groups[1].Value, CultureInfo.InvariantCulture) + int.Parse(parts.Groups[2].Value, CultureInfo.InvariantCulture);
            Assert.Equal((value + 10) % 10 == int.Parse(parts.Groups[3].Value, CultureInfo.InvariantCulture) ? "True" : "False", step.Output);
        }

        Assert.Equal(["True", "False"], judged.Select(step => step.Output));
    }

    /// <summary>What the judge writes between two outputs, with what the code behind it printed.</summary>
    private static IEnumerable<(string Written, string? Printed)> Pieces(string text, ImmutableArray<JudgedStep> judged)
    {
        foreach (var step in judged)
        {
            var fence = CodeFeedback.Fence(step.Output);
            var at = text.IndexOf(fence, StringComparison.Ordinal);
            yield return (text[..at], step.Output);
            text = text[(at + fence.Length)..];
        }

        yield return (text, null);
    }
}
