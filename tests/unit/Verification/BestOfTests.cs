using System.Text.Json;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class BestOfTests
{
    [Fact]
    public async Task Make_Candidates_JudgesTheUsableOnesAndChooses()
    {
        PolicyProblem problem = new("p", "1+1?", "2", []);
        string[] texts = ["Step 1: wrong\n\nStep 2: \\boxed{3}", "It is \\boxed{3}.", "Step 1: a\n\nStep 2: \\boxed{2}", "Step 1: \\boxed{3}"];
        await using var verifier = new Verifier(new ScriptedVerifierModel(), new PrintingSandbox(), new() { Model = "judge" }, TimeProvider.System);

        var row = await BestOfRow.MakeAsync(problem, [.. texts.Select(text => Candidate.Of(text, false, "2"))], verifier, 2, 1, TestContext.Current.CancellationToken);

        Assert.Equal([CandidateClass.Usable, CandidateClass.NoSteps, CandidateClass.Usable, CandidateClass.Usable], row.Candidates.Select(one => one.Candidate.Class));
        Assert.Equal([false, false, true, false], row.Candidates.Select(one => one.Candidate.Right!.Value));
        Assert.Null(row.Candidates[1].Score);
        // By the least reward candidate 0 falls; of equal ones the first is taken. Three of four say 3.
        Assert.Equal(new Choices(Last: 0, Mean: 2, Min: 2, Majority: 0), row.Chosen);
        var json = JsonSerializer.Serialize(row, RowJson.Options);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<BestOfRow>(json, RowJson.Options), RowJson.Options));
        Assert.Contains("\"chosen\":{\"last\":0,\"mean\":2,\"min\":2,\"majority\":0}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FourCandidates_GivesMeansOverDisjointGroups()
    {
        // Right: candidates 1 and 2, which also score best in their pairs, but 0 is best by its last step.
        var row = Row("2", [(false, [0.1, 0.9]), (true, [0.7, 0.8]), (true, [0.9, 0.9]), (false, [0.2, 0.2])]);
        var report = BestOfReport.Of([row, Row(null, [(null, [0.5])])]);

        Assert.Equal((2, 1, 5, 5), (report.Problems, report.WithAnswer, report.Candidates["usable"], report.Scores["judged"]));
        Assert.Equal([1, 2, 4], report.Figures.Select(figures => figures.N));
        Assert.Equal([0.5, 0.5, 0], report.Figures.Select(figures => figures.Last.Share));
        Assert.Equal([0.5, 1, 1], report.Figures.Select(figures => figures.Mean.Share));
        Assert.Equal([0.5, 1, 1], report.Figures.Select(figures => figures.Min.Share));
        Assert.Equal([0.5, 5 / 6.0, 1], report.Figures.Select(figures => figures.Pass.Share), (expected, found) => Math.Abs(expected - found) < 1e-9);
    }

    [Fact]
    public void Candidate_CutSolution_HasNoAnswer()
    {
        var cut = Candidate.Of("Step 1: \\boxed{2}", true, "2");
        Assert.Equal((CandidateClass.Cut, null, false), (cut.Class, cut.Answer, cut.Right));
    }

    [Fact]
    public void Read_ProblemFile_TakesAnswersAndGivenSolutionsWhereTheyAre()
    {
        var problems = PolicyProblem.Read("""
            {"problem": " p ", "answer": 7, "solutions": ["Step 1: a", ["b", "c"]]}
            {"id": "x", "problem": "q", "answer": " "}
            """);
        Assert.Equal(("1", "p", "7"), (problems[0].Id, problems[0].Text, problems[0].Answer));
        Assert.Equal(["Step 1: a", "Step 1: b\n\nStep 2: c"], problems[0].Given);
        Assert.Equal(("x", null, 0), (problems[1].Id, problems[1].Answer, problems[1].Given.Length));
        Assert.Contains("row 2: step 1 of a solution can not be told from its neighbours", Assert.Throws<FormatException>(() => PolicyProblem.Read("""
            {"problem": "p", "solutions": [["as\nwritten", "b"]]}
            {"problem": "q", "solutions": [["a\nStep 2: x", "b"]]}
            """)).Message, StringComparison.Ordinal);
        Assert.Contains("row 1: a solution is neither", Assert.Throws<FormatException>(() => PolicyProblem.Read("""{"problem": "p", "solutions": [3]}""")).Message, StringComparison.Ordinal);
    }

    private static BestOfRow Row(string? answer, (bool? Right, double[] Rewards)[] candidates) => new(
        "p",
        "?",
        answer,
        [
            .. candidates.Select(one => new ScoredCandidate(
                new Candidate("Step 1: x", CandidateClass.Usable, one.Right == true ? "2" : "3", one.Right, null),
                new(ScoreClass.Judged, null, [new([.. one.Rewards.Select((reward, i) => new StepScore(i + 1, reward, StepClass.Judged))])]))),
        ]);
}
