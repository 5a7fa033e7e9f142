using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class RefinementTests
{
    private static readonly PolicyProblem Problem = new("p", "1+1?", "2", []);
    private readonly ScriptedVerifierModel _judge = new();
    private readonly Writer _writer = new();

    [Fact]
    public async Task Make_WrongStep_GoesBackQuotedWithItsAnalysisUntilNoneIsSeen()
    {
        _writer.Texts = new(["Step 1: fine\n\nStep 2: wrong \\boxed{3}", "Step 1: fine\n\nStep 2: \\boxed{2}"]);
        var row = await RefineAsync(rounds: 3);

        Assert.Equal((RefinementEnd.Accepted, 3), (row.End, row.Rounds.Length));
        Assert.Equal([false, false, true], row.Rounds.Select(round => round.Solution.Right!.Value));
        Assert.Equal(2, row.Rounds[1].Score!.FirstWrongStep);
        var last = _writer.Asked[^1];
        Assert.Equal(["user", "assistant", "user"], last.Messages.Skip(1).Select(message => message.Role));
        Assert.Equal("Step 1: fine\n\nStep 2: wrong \\boxed{3}", last.Messages[2].Content);
        Assert.Contains("> wrong \\boxed{3}\n\nthought ", last.Messages[3].Content, StringComparison.Ordinal);
        Assert.Equal("Step 1:", last.Prefill);
        Assert.Equal(2, _writer.Seeds.Distinct().Count());
    }

    [Fact]
    public async Task Make_NeverRight_EndsAfterTheLastRoundWithoutJudgingItsSolution()
    {
        _writer.Texts = new(["Step 1: wrong \\boxed{3}", "Step 1: wrong \\boxed{2}"]);
        var row = await RefineAsync(rounds: 2);
        Assert.Equal((RefinementEnd.OutOfRounds, 3), (row.End, row.Rounds.Length));
        Assert.Null(row.Rounds[2].Score);
        var report = RefinementReport.Of([row, row with { Answer = null }], 2);
        Assert.Equal((2, 1, 2), (report.Problems, report.WithAnswer, report.Ends["out_of_rounds"]));
        Assert.Equal([0, 0, 1], report.Accuracy.Select(share => share.Share));
    }

    [Fact]
    public async Task Make_StepThatTheJudgeIsSilentOn_IsNotAccepted()
    {
        _judge.Conclude = _ => "hm";
        var row = await RefineAsync(rounds: 2);
        Assert.Equal((RefinementEnd.Unjudged, 1), (row.End, row.Rounds.Length));
        Assert.Equal([1], row.Rounds[0].Score!.BlankSteps);
    }

    [Fact]
    public async Task Make_PolicyThatRefuses_LeavesTheLastSolutionStanding()
    {
        _writer.Texts = new([]);
        var row = await RefineAsync(rounds: 2);
        Assert.Equal((RefinementEnd.Stuck, 1), (row.End, row.Rounds.Length));
        Assert.NotNull(row.Rounds[0].Critique);
    }

    private async Task<RefinementRow> RefineAsync(int rounds)
    {
        await using var verifier = new Verifier(_judge, new PrintingSandbox(), new() { Model = "judge" }, TimeProvider.System);
        var policy = new Policy(_writer, "policy", Profiles.Laptop.Rollouts, [], []);
        return await RefinementRow.MakeAsync(Problem, Candidate.Of("Step 1: wrong \\boxed{3}", false, "2"), policy, verifier, 2, rounds, 1, TestContext.Current.CancellationToken);
    }

    /// <summary>Writes the texts that it was given, then refuses.</summary>
    private sealed class Writer : IGenerator
    {
        public Queue<string> Texts { get; set; } = new();

        public List<Prompt.Chat> Asked { get; } = [];

        public List<ulong> Seeds { get; } = [];

        public Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
        {
            Asked.Add((Prompt.Chat)request.Prompt);
            Seeds.AddRange(request.Seeds);
            return Texts.TryDequeue(out var text)
                ? Task.FromResult(new GenerationResult(1, [new(text["Step 1:".Length..], FinishReason.EndToken, 5, [])]))
                : throw new GenerationException("the context is too short");
        }

        public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) => throw new GenerationException("it writes");
    }
}
