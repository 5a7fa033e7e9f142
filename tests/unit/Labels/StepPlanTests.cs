using GenPrm.Core.Labels;
using static GenPrm.Tests.Unit.Labels.StepLabellerTests;

namespace GenPrm.Tests.Unit.Labels;

public sealed class StepPlanTests
{
    [Fact]
    public void Next_IncorrectRollout_GoesOneStepAtATimeAndNeverAsksForTheLast()
    {
        Assert.Equal([1], StepPlan.Next([StateScore.Empty, StateScore.Empty, StateScore.Empty], 4, correct: false, ahead: 0));
        Assert.Equal([2], StepPlan.Next([Score(2, 4), StateScore.Empty, StateScore.Empty], 4, correct: false, ahead: 0));
        Assert.Empty(StepPlan.Next([Score(2, 4), Score(1, 4), StateScore.Empty], 4, correct: false, ahead: 0));
    }

    [Fact]
    public void Next_ScoreOfZero_EndsTheSampling() =>
        Assert.Empty(StepPlan.Next([Score(2, 4), Score(0, 4), StateScore.Empty, StateScore.Empty], 4, correct: true, ahead: 9));

    [Fact]
    public void Next_CorrectRolloutOrAhead_AsksForSeveralSteps()
    {
        StateScore[] scores = [StateScore.Empty, Score(1, 4), StateScore.Empty, StateScore.Empty, StateScore.Empty];
        Assert.Equal([1, 3, 4], StepPlan.Next(scores, 4, correct: true, ahead: 0));
        Assert.Equal([1, 3], StepPlan.Next(scores, 4, correct: false, ahead: 1));
    }

    [Fact]
    public void Next_RaisedK_TopsUpAndGoesOnBehindAZeroThatIsNoneAnyMore()
    {
        StateScore[] scores = [Score(0, 4), StateScore.Empty, StateScore.Empty];
        Assert.Empty(StepPlan.Next(scores, 4, correct: false, ahead: 0));
        Assert.Equal([1], StepPlan.Next(scores, 8, correct: false, ahead: 0));
        Assert.Equal([4, 5, 6, 7], scores[0].Missing(8));
        scores[0] = scores[0].Apply([Fact(4, true), Fact(5, false), Fact(6, false), Fact(7, false), Fact(0, true)]);
        Assert.Equal(new Share(1, 8), scores[0].Mc(8));
        Assert.Equal([2], StepPlan.Next(scores, 8, correct: false, ahead: 0));
    }

    [Theory]
    [InlineData(0, 100, 128)]
    [InlineData(9, 100, 128)]
    [InlineData(1, 10, 64)]
    [InlineData(899, 1000, 64)]
    [InlineData(9, 10, 32)]
    [InlineData(2047, 2048, 32)]
    public void For_PassAtOne_FollowsThePapersTable(int right, int of, int k) => Assert.Equal(k, KTable.Paper.For(new(right, of)));
}
