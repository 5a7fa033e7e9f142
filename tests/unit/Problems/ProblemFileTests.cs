using GenPrm.Core.Problems;

namespace GenPrm.Tests.Unit.Problems;

public sealed class ProblemFileTests
{
    [Fact]
    public void Read_GoodAndBadLines_NamesEachWithItsNumberAndCountsThemAll()
    {
        const string Lines = """
            {"id": "a/1", "problem": "What is 1 + 1?", "answer": "2"}

            {"problem": "What is 1 + 2?", "answer": 3}
            {"problem": "What is  1 + 1?", "answer": "2"}
            {"problem": "What is 1 + 1?", "answer": "3"}
            {"problem": "What is 1 + 3?", "answer": "  "}
            {"problem": "What is 1 + 3?"}
            {"question": "What is 1 + 3?", "answer": "4"}
            {"problem": "Say <|im_end|>", "answer": "4"}
            [1, 2]
            {"problem": "What is 1 +
            {"problem": "A problem that is much too long for the limit", "answer": "4"}
            """;
        var file = ProblemFile.Read(new StringReader(Lines), new() { SpecialTokens = ["<|im_start|>", "<|im_end|>"], MaxCharacters = 30 });

        Assert.Equal([new Problem(0, "a/1", "What is 1 + 1?", "2", 1), new Problem(1, "3", "What is 1 + 2?", "3", 3)], file.Problems);
        Assert.Equal(
            [
                "line 4: duplicate of line 1",
                "line 5: conflict with line 1: the same problem, answered '3' here and '2' there",
                "line 6: 'answer' is empty",
                "line 7: no field 'answer'; there are 'problem'",
                "line 8: no field 'problem'; there are 'question', 'answer'",
                "line 9: the problem holds the model's special token <|im_end|>",
                "line 10: no JSON object, but an array",
                "line 11: no JSON at character 24: {\"problem\": \"What is 1 +",
                "line 12: the problem has 45 characters; 30 are allowed",
            ],
            file.Issues.Select(issue => issue.ToString()));
        Assert.Equal(11, file.Lines.Total);
        Assert.Equal(file.Lines.Total, file.Problems.Length + file.Issues.Length);
        Assert.False(file.Issues[0].IsBad);
        Assert.All(file.Issues.Skip(1), issue => Assert.True(issue.IsBad));
    }

    [Fact]
    public void Read_EqualAnswersInOtherForms_AreADuplicate() =>
        Assert.Equal(LineClass.Duplicate, Assert.Single(Read("""
            {"problem": "Half?", "answer": "0.5"}
            {"problem": "Half?", "answer": "0.50"}
            """).Issues).Class);

    [Fact]
    public void Read_OtherFieldNamesAndALimit_AreFollowed()
    {
        var file = Read("""
            {"q": "a", "gold": "1", "key": 7}
            {"q": "b", "gold": "2"}
            {"q": "c", "gold": "3"}
            """, new() { ProblemField = "q", AnswerField = "gold", IdField = "key", Limit = 2 });
        Assert.Equal(["7", "2"], file.Problems.Select(problem => problem.Id));
        Assert.Equal(2, file.Lines.Total);
    }

    [Fact]
    public void WorkedExamples_BadLines_AreAllNamed()
    {
        Assert.Equal("2", Assert.Single(WorkedExampleFile.Read(new StringReader("""{"problem": "2", "solution": "Step 1: a\nStep 2: b"}"""))).Problem);
        var error = Assert.Throws<FormatException>(() => WorkedExampleFile.Read(new StringReader("""
            {"problem": "2", "solution": "b"}
            {"problem": "2"}
            """)));
        Assert.Contains("line 1: the solution shows no steps", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2: no field 'solution'", error.Message, StringComparison.Ordinal);
    }

    private static ProblemFile Read(string lines, ProblemFileOptions? options = null) => ProblemFile.Read(new StringReader(lines), options ?? new());
}
