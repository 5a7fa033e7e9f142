using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.World;

namespace GenPrm.Tests.Unit.Lab;

public sealed class CritiqueFilterTests
{
    /// <summary>5, +4, -8, +3: the second step is wrong, though half of what follows it still comes to the right answer.</summary>
    private static readonly LabProblem Problem = new(1, 5, [4, -8, 3]);

    private static readonly ImmutableArray<StepRow> Steps =
    [
        Step(1, "a: 5+4, A=9", before: (16, 16), after: (16, 16)),
        Step(2, "b: 9-8, B=2", before: (16, 16), after: (8, 16)),
        Step(3, "redo b: 9-8, B=1", before: (8, 16), after: (16, 16)),
    ];

    private readonly CritiqueFilter _filter = new([Critique(0, true, false), Critique(1, true, true, true), Critique(2, false)], Steps, [Problem]);

    [Fact]
    public void Everything_TakesEveryVerdict() => Assert.Equal(["j/1/0/r0/v0", "j/1/0/r0/v1", "j/1/0/r0/v2"], _filter.Everything.Select(one => one.Id));

    [Fact]
    public void Truth_TakesTheTrueFirstWrongStep() => Assert.Equal(["j/1/0/r0/v0"], _filter.Truth.Select(one => one.Id));

    [Fact]
    public void Consensus_OfRelativeProgress_SeesAStepThatCanBeMended() => Assert.Equal(["j/1/0/r0/v0"], _filter.Consensus(LabelRule.Default).Select(one => one.Id));

    [Fact]
    public void Consensus_OfHardLabels_DoesNot() => Assert.Equal(["j/1/0/r0/v1"], _filter.Consensus(LabelRule.Hard).Select(one => one.Id));

    private static StepRow Step(int number, string text, (int Right, int Of) before, (int Right, int Of) after) =>
        new("j", 1, 0, "lab-0", 0, true, number, text, before.Right, before.Of, after.Right, after.Of, "completions", null, true, 16, after.Right, 16 - after.Right, 0, 0, 0);

    private static SampleRow Critique(int number, params ImmutableArray<bool> labels) =>
        SampleRow.Of(new(new("j", 1, 0, 0, number), "lab-0", [SampleTurn.Untrained(ChatMessage.User("x"))], labels));
}
