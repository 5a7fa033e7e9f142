using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;

namespace GenPrm.Tests.Unit.Jobs;

public sealed class UnitRequestsTests
{
    private static readonly Problem Sum = new(17, "sum-1", "What is 3 + 4?", "7", 1);

    private static readonly JobSpec Spec = new(new("p", "c", "j"), Profiles.Paper, [new("2?", "Step 1: a\nStep 2: b")], "", []);

    private static readonly ImmutableArray<Step> Steps = StepSplitter.Split("Step 1: a\n\nStep 2: b\n\nStep 3: \\boxed{7}").Steps;

    [Fact]
    public void Rollouts_WorkedExamples_AreEarlierTurnsAndTheFirstStepIsForced()
    {
        var request = UnitRequests.Rollouts(Spec, Sum, [0, 5]);
        var prompt = Assert.IsType<Prompt.Chat>(request.Prompt);
        Assert.Equal("p", request.Model);
        Assert.Equal(["system", "user", "assistant", "user"], prompt.Messages.Select(message => message.Role));
        Assert.Equal(["2?", "Step 1: a\nStep 2: b", "What is 3 + 4?"], prompt.Messages.Skip(1).Select(message => message.Content));
        Assert.Equal("Step 1:", prompt.Prefill);
        Assert.Equal(request.Seeds, [.. UnitRequests.Rollouts(Spec, Sum, [0]).Seeds, .. UnitRequests.Rollouts(Spec, Sum, [5]).Seeds]);
        Assert.Empty(request.Sampling.StopStrings);
    }

    [Fact]
    public void Step_ReferenceCodesPrefix_HasTheBlank()
    {
        var spec = Spec with { Parameters = Profiles.ReferenceCode };
        Assert.Equal("Step 1: a\n\nStep 2: b\n\nStep 3: ", Assert.IsType<Prompt.Chat>(UnitRequests.Step(spec, Sum, 3, Steps, 2, [0]).Prompt).Prefill);
        Assert.Equal("Step 1: a\n\nStep 2: b\n\nStep 3:", Assert.IsType<Prompt.Chat>(UnitRequests.Step(Spec, Sum, 3, Steps, 2, [0]).Prompt).Prefill);
        Assert.Equal("Step 1:", Assert.IsType<Prompt.Chat>(UnitRequests.Start(Spec, Sum, [0]).Prompt).Prefill);
    }

    [Fact]
    public void Seeds_OfAllUnits_Differ()
    {
        var go = Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(RationaleLoop.Begin(Spec.Parameters.Rationales), Spec.Parameters.Rationales));
        ulong[] seeds =
        [
            .. UnitRequests.Rollouts(Spec, Sum, [0, 1]).Seeds, .. UnitRequests.Start(Spec, Sum, [0, 1]).Seeds, .. UnitRequests.Step(Spec, Sum, 0, Steps, 1, [0, 1]).Seeds,
            .. UnitRequests.Step(Spec, Sum, 1, Steps, 1, [0]).Seeds, .. UnitRequests.Step(Spec, Sum, 0, Steps, 2, [0]).Seeds, .. UnitRequests.Rollouts(Spec, Sum with { Ordinal = 18 }, [0]).Seeds,
            .. UnitRequests.Rationale(Spec, Sum, 0, Steps, 0, go).Seeds, .. UnitRequests.Rationale(Spec, Sum, 0, Steps, 1, go).Seeds, .. UnitRequests.Rationale(Spec, Sum, 0, Steps, 0, go with { Continuation = 1 }).Seeds,
        ];
        Assert.Equal(seeds.Length, seeds.Distinct().Count());
    }

    [Fact]
    public void Rationale_Judge_SeesTheWholeSolutionAsNumberedParagraphs()
    {
        var go = Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(RationaleLoop.Begin(Spec.Parameters.Rationales), Spec.Parameters.Rationales));
        var prompt = Assert.IsType<Prompt.Chat>(UnitRequests.Rationale(Spec, Sum, 0, Steps, 0, go).Prompt);
        var text = Assert.Single(prompt.Messages).Content;
        Assert.Contains("What is 3 + 4?", text, StringComparison.Ordinal);
        Assert.Contains("<paragraph_1>\na\n</paragraph_1>\n\n<paragraph_2>\nb\n</paragraph_2>\n\n<paragraph_3>\n\\boxed{7}\n</paragraph_3>\n", text, StringComparison.Ordinal);
        Assert.Equal("<think>\n### Paragraph 1\n<analyze>\n", prompt.Prefill);
    }
}
