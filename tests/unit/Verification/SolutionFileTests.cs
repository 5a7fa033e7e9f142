using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class SolutionFileTests
{
    [Fact]
    public void Read_AllForms_GivesProblemsStepsAndIds()
    {
        var solutions = SolutionFile.Read("""
            {"id": "x/1", "problem": "p", "steps": ["Step 1: as it is", ""]}

            {"problem": "q", "solution": "Step 1: one\nmore\n\nStep 2: two \\boxed{3}"}
            {"id": "x/1", "problem": "r", "steps": ["s"], "label": -1, "generator": "g"}
            """);
        Assert.Equal(["x/1", "3", "x/1#4"], solutions.Select(solution => solution.Id));
        Assert.Equal(["Step 1: as it is", ""], solutions[0].Steps);
        Assert.Equal(["one\nmore", "two \\boxed{3}"], solutions[1].Steps);
        Assert.Equal("q", solutions[1].Problem);
    }

    [Fact]
    public void Read_IdsThatLookLikeThoseOfRepeatedOnes_AreAllDifferent()
    {
        string[] ids = ["a#3", "a", "a", "a#3", "a#3#4"];
        var text = string.Join('\n', ids.Select(id => $"{{\"id\":\"{id}\",\"problem\":\"p\",\"steps\":[\"s\"]}}"));
        Assert.Equal(5, SolutionFile.Read(text).Select(solution => solution.Id).Distinct().Count());
    }

    [Fact]
    public void Read_ProcessBenchFile_IsTakenAsItIs()
    {
        var solutions = SolutionFile.Read(File.ReadAllText(TestMaterial.Shared("data", "processbench", "math.json")));
        Assert.Equal(1000, solutions.Length);
        Assert.Equal(1000, solutions.Select(solution => solution.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"problem": "p", "steps": []}""", "row 1: it has no steps")]
    [InlineData("""{"problem": "p", "steps": [1]}""", "row 1: 'steps' holds Number")]
    [InlineData("""{"steps": ["s"]}""", "row 1: no field 'problem'")]
    [InlineData("""{"problem": "p"}""", "row 1: neither 'steps'")]
    [InlineData("""{"problem": "p", "solution": "It is 3."}""", "row 1: no line of the solution begins 'Step 1:'")]
    [InlineData("""{"problem": "p", "solution": "Well.\nStep 1: It is 3."}""", "row 1: the solution says something before")]
    [InlineData("""{"problem": "p\ud800", "steps": ["s"]}""", "row 1: 'problem' has half of a surrogate pair")]
    [InlineData("""{"problem": "p", "steps": ["s", "\udc00"]}""", "row 1: 'steps[1]' has half of a surrogate pair")]
    [InlineData("""{"problem": "p", "steps": ["s"], "\ud800": 1}""", "row 1: it has a field's name with half")]
    [InlineData("""[{"problem": "p", "steps": ["s"], "id": "\ud800"}]""", "row 1: 'id' has half")]
    [InlineData("[1]", "row 1 is no JSON object, but Number")]
    [InlineData("{}\n{", "line 2 is no JSON")]
    public void Read_BadRows_SayWhatIsWrong(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => SolutionFile.Read(text)).Message, StringComparison.Ordinal);
}
