using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Equality;
using GenPrm.Core.Identity;
using GenPrm.Core.Rollouts;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.World;

namespace GenPrm.Tests.Unit.Lab;

public sealed class WorldTests
{
    private static readonly LabProblem Problem = new(1, 5, [4, -8, 3]);

    [Fact]
    public void Problem_SaysAllOfItself_AndIsReadAgain()
    {
        Assert.Equal("Start with 5. a: +4, b: -8, c: +3. Keep only the last digit after each step. What is left?", Problem.Text);
        Assert.Equal("4", Problem.Answer);
        var random = new RandomStream(3);
        foreach (var digits in new[] { 1, 2 })
        {
            for (var i = 0; i < 200; i++)
            {
                var drawn = new LabWorld { Digits = digits }.Draw(ref random);
                var read = LabProblem.Parse(drawn.Text);
                Assert.Equal((drawn.Digits, drawn.Start, drawn.Answer), (read.Digits, read.Start, read.Answer));
                Assert.Equal(drawn.Operations, read.Operations);
            }
        }
    }

    [Fact]
    public void Parse_TextOfAnotherWorld_IsRefused() =>
        Assert.Throws<FormatException>(() => LabProblem.Parse("Start with five."));

    [Theory]
    [InlineData("all right", null, "a: 5+4, A=9", "b: 9-8, B=1", "c: 1+3, C=4\n\nThe final answer is $\\boxed{4}$.")]
    [InlineData("a wrong result", 2, "a: 5+4, A=9", "b: 9-8, B=2", "c: 2+3, C=5\n\nThe final answer is $\\boxed{5}$.")]
    [InlineData("a redo comes too late", 2, "a: 5+4, A=9", "b: 9-8, B=2", "redo b: 9-8, B=1", "c: 1+3, C=4")]
    [InlineData("a redo after a right step", 2, "a: 5+4, A=9", "redo a: 5+4, A=9")]
    [InlineData("another operation", 2, "a: 5+4, A=9", "b: 9+8, B=7")]
    [InlineData("another value", 2, "a: 5+4, A=9", "b: 8-8, B=0")]
    [InlineData("an operation left out", 2, "a: 5+4, A=9", "c: 9+3, C=2")]
    [InlineData("another answer than the result", 3, "a: 5+4, A=9", "b: 9-8, B=1", "c: 1+3, C=4\n\nThe final answer is $\\boxed{9}$.")]
    [InlineData("an answer too early", 2, "a: 5+4, A=9", "b: 9-8, B=1\n\nThe final answer is $\\boxed{1}$.")]
    [InlineData("one step too many", 4, "a: 5+4, A=9", "b: 9-8, B=1", "c: 1+3, C=4", "d: 4+3, D=7")]
    public void Truth_OfASolution_IsItsFirstWrongStep(string why, int? wrong, params string[] steps) =>
        Assert.True(StepTruth.FirstWrong(Problem, steps) == wrong, why);

    [Fact]
    public void Solution_Written_IsWrongFromItsSlipOnAndItsAnswerIsWhatItSays()
    {
        var random = new RandomStream(11);
        var world = new LabWorld();
        var (slips, redone) = (0, 0);
        for (var i = 0; i < 500; i++)
        {
            var problem = world.Draw(ref random);
            var solution = WrittenSolution.Write(problem, new(0.5, 0.5), ref random);
            Assert.Equal(solution.Slip + 1, StepTruth.FirstWrong(problem, solution.Steps));
            var text = solution.Join();
            Assert.Equal(solution.Steps, StepSplitter.Split(text).Steps.Select(step => step.Text));
            var right = FinalAnswer.Find(text, allowStated: false)!.Text == problem.Answer;
            slips += solution.Slip is null ? 0 : 1;
            redone += solution.Slip is not null && right ? 1 : 0;
            Assert.True(solution.Slip is not null || right);
        }

        Assert.InRange(slips, 200, 300);
        Assert.InRange(redone, 80, 170);
    }

    [Fact]
    public async Task Problems_OfJobsAndEvaluations_AreInNoLesson()
    {
        var world = new LabWorld { MinOperations = 2, MaxOperations = 2 };
        HashSet<string> asked = [.. world.DrawMany(1, "job", 500).Select(problem => problem.Text)];
        Assert.Equal(500, asked.Count);
        foreach (var source in new[] { LessonSource.Policy(world, new(0.25, 0.35), 10, 1), LessonSource.Teacher(world, new(0.5, 0.35), 0.45, 10, 0.5, 1), LessonSource.Modes(world, new(0.5, 0.35), 10, 0.5, 0.3, 1), LessonSource.Rewrites(world, new(0.25, 0.35), 1) })
        {
            var lessons = await source.WindowAsync(0, 500, TestContext.Current.CancellationToken);
            Assert.All(lessons, lesson => Assert.DoesNotContain(asked, text => lesson.Turns.Any(turn => turn.Message.Content.Contains(text, StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task PolicyLessons_Slip_OnlyBehindTheCleanOnes()
    {
        var lessons = await LessonSource.Policy(new(), new(1, 0), clean: 20, seed: 1).WindowAsync(0, 40, TestContext.Current.CancellationToken);
        bool[] wrong = [.. lessons.Select(lesson => StepTruth.FirstWrong(
            LabProblem.Parse(lesson.Turns[^2].Message.Content), StepSplitter.Split(lesson.Turns[^1].Message.Content).Steps.Select(step => step.Text)) is not null)];
        Assert.Equal([.. Enumerable.Repeat(false, 20), .. Enumerable.Repeat(true, 20)], wrong);
    }

    /// <summary>The lab's rule is the one that the shared data's README tells.</summary>
    [Fact]
    public void SharedProblems_AreOfThisWorld()
    {
        foreach (var line in File.ReadLines(TestMaterial.Shared("data", "last_digits.jsonl")))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var problem = LabProblem.Parse(row.GetProperty("problem").GetString()!);
            Assert.Equal(row.GetProperty("answer").GetString(), problem.Answer);
            Assert.Equal(row.GetProperty("operations").EnumerateArray().Select(operation => operation.GetString()!.ToImmutableArray()), problem.Operations.Select(operation => $"{operation:+0;-0}".ToImmutableArray()));
        }
    }
}
