using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;

namespace GenPrm.Tests.Unit.Rollouts;

public sealed class RolloutReaderTests
{
    [Theory]
    [InlineData(" 3+4=7\n\nStep 2: so \\boxed{7}", RolloutClass.Correct)]
    [InlineData(" 3+4=8\n\nStep 2: so \\boxed{8}", RolloutClass.Incorrect)]
    [InlineData(" it is \\boxed{7}", RolloutClass.OneStep)]
    [InlineData(" 3+4=7\n\nStep 2: done", RolloutClass.NoAnswer)]
    [InlineData("\nStep 2: so \\boxed{7}", RolloutClass.EmptyStep)]
    [InlineData(" 3+4=7<|im_end|>\n\nStep 2: so \\boxed{7}", RolloutClass.SpecialToken)]
    public void Read_FinishedText_IsClassed(string written, RolloutClass expected)
    {
        var rollout = Read(written, FinishReason.EndToken);
        Assert.Equal(expected, rollout.Fact.Class);
        Assert.Equal("Step 1:" + written, rollout.Raw);
    }

    [Fact]
    public void Read_CutText_IsCutThoughItsAnswerIsRight() =>
        Assert.Equal(RolloutClass.Cut, Read(" 3+4=7\nStep 2: \\boxed{7}", FinishReason.Length).Fact.Class);

    private static Rollout Read(string written, FinishReason finish) =>
        RolloutReader.Read(0, new Completion(written, finish, 9, []), "7", Profiles.Paper, ["<|im_end|>"]);
}
