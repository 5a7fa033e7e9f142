using System.Collections.Immutable;
using CsCheck;
using GenPrm.Core.Labels;

namespace GenPrm.Tests.Unit.Labels;

public sealed class StepLabellerTests
{
    private static readonly KTable FourEach = KTable.Paper with { Hard = 4, Medium = 4, Easy = 4 };

    private static readonly Labelling Rpe = new(1, Estimator.Ratio, 0.8m, StartEstimate.Policy, FourEach, 1);

    [Fact]
    public void IsRight_ProgressOfExactlyEpsilon_IsRight()
    {
        // 15 of 100 after 12 of 64 is 0.8 exactly; in doubles it is 0.7999999999999999.
        Assert.True(new Share(15, 100).Value / new Share(12, 64).Value < 0.8);
        Assert.True(StepLabeller.IsRight(Estimator.Ratio, 0.8m, new(12, 64), new(15, 100)));
        Assert.True(StepLabeller.IsRight(Estimator.Ratio, 0.8m, new(30, 100), new(24, 100)));
        Assert.False(StepLabeller.IsRight(Estimator.Ratio, 0.8m, new(30, 100), new(23, 100)));
        Assert.False(StepLabeller.IsRight(Estimator.Ratio, 0.800001m, new(30, 100), new(24, 100)));
    }

    [Theory]
    [InlineData(-0.1, 5, 4, true)]
    [InlineData(-0.1, 5, 3, false)]
    [InlineData(-0.3, 7, 4, true)]
    [InlineData(-0.3, 7, 3, false)]
    public void IsRight_DifferenceOfExactlyEpsilon_IsRight(double epsilon, int before, int after, bool expected) =>
        Assert.Equal(expected, StepLabeller.IsRight(Estimator.Difference, (decimal)epsilon, new(before, 10), new(after, 10)));

    [Fact]
    public void IsRight_NothingBefore_IsWrongWhateverTheThreshold()
    {
        Assert.False(StepLabeller.IsRight(Estimator.Ratio, 0.8m, new(0, 4), new(0, 4)));
        Assert.False(StepLabeller.IsRight(Estimator.Difference, -0.5m, new(0, 4), new(0, 4)));
    }

    [Fact]
    public void Label_ScoreOfZero_ZeroesEveryLaterStepAndNeedsNoneOfTheirScores()
    {
        var labels = StepLabeller.Label(Rpe, new(2, 4), null, [Score(3, 4), Score(0, 4), StateScore.Empty, StateScore.Empty], correct: true);
        Assert.NotNull(labels);
        Assert.Equal(2, labels.FirstError);
        Assert.Equal([3, 0, 0, 0], labels.Steps.Select(step => step.After.Count));
        Assert.Equal([ScoreSource.Completions, ScoreSource.Completions, ScoreSource.AfterZero, ScoreSource.AfterZero], labels.Steps.Select(step => step.Source));
        Assert.Equal([true, false, false, false], labels.Steps.Select(step => step.Label));
    }

    [Theory]
    [InlineData(true, RolloutLabels.AllRight)]
    [InlineData(false, 3)]
    public void Label_LastStep_GoesByItsOwnAnswer(bool correct, int firstError)
    {
        var labels = StepLabeller.Label(Rpe, new(2, 4), null, [Score(3, 4), Score(3, 4), StateScore.Empty], correct);
        Assert.Equal(firstError, labels!.FirstError);
        Assert.Equal(ScoreSource.OwnAnswer, labels.Steps[^1].Source);
    }

    [Fact]
    public void Label_MissingCompletions_GivesNothing() =>
        Assert.Null(StepLabeller.Label(Rpe, new(2, 4), null, [Score(3, 3), StateScore.Empty], correct: true));

    [Fact]
    public void Label_CompletersStart_DividesByIt()
    {
        var byCompleter = Rpe with { Start = StartEstimate.Completer };
        Assert.Null(StepLabeller.Label(byCompleter, new(1, 4), StateScore.Empty, [Score(2, 4), StateScore.Empty], correct: true));
        Assert.Equal(1, StepLabeller.Label(byCompleter, new(1, 4), Score(4, 4), [Score(2, 4), StateScore.Empty], correct: true)!.FirstError);
        Assert.Equal(-1, StepLabeller.Label(Rpe, new(1, 4), Score(4, 4), [Score(2, 4), StateScore.Empty], correct: true)!.FirstError);
    }

    [Fact]
    public void Label_ToppedUpCompletions_LeaveTheOldLabellingAsItWas()
    {
        StateScore[] four = [Score(0, 4), StateScore.Empty];
        StateScore[] eight = [four[0].Apply(Range(4, 8).Select(index => Fact(index, true))), StateScore.Empty];
        Assert.Equal(1, StepLabeller.Label(Rpe, new(1, 2), null, eight, correct: true)!.FirstError);
        var more = Rpe with { Number = 2, K = FourEach with { Hard = 8, Medium = 8, Easy = 8 } };
        Assert.Equal(-1, StepLabeller.Label(more, new(1, 2), null, eight, correct: true)!.FirstError);
    }

    [Fact]
    public void IsRight_AnyCounts_AgreesWithExactFractions() =>
        Gen.Select(Gen.Int[0, 128], Gen.Int[0, 128], Gen.Int[1, 200], Gen.Int[1, 200], Gen.Int[1, 1_200_000]).Sample((a, b, m, n, millionths) =>
        {
            var (before, after) = (new Share(Math.Min(a, m), m), new Share(Math.Min(b, n), n));
            var left = (Int128)after.Count * before.Of * 1_000_000;
            var right = (Int128)millionths * before.Count * after.Of;
            Assert.Equal(before.Count > 0 && left >= right, StepLabeller.IsRight(Estimator.Ratio, millionths / 1_000_000m, before, after));
            Assert.Equal(after.Count > 0, StepLabeller.IsRight(Estimator.Hard, 0.8m, before, after));
        });

    internal static StateScore Score(int right, int of) => StateScore.Empty.Apply(Range(0, of).Select(index => Fact(index, index < right)));

    internal static CompletionFact Fact(int index, bool right) => new(index, right ? CompletionClass.Right : CompletionClass.Wrong, "1", 1, 5);

    private static IEnumerable<int> Range(int from, int to) => Enumerable.Range(from, to - from);
}
