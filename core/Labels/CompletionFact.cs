using GenPrm.Core.Equality;
using GenPrm.Core.Generation;

namespace GenPrm.Core.Labels;

/// <summary>What a completion came to. All but the first count as wrong, each in its own class (section 3).</summary>
public enum CompletionClass
{
    /// <summary>Its answer equals the gold answer.</summary>
    Right,

    /// <summary>Its answer does not.</summary>
    Wrong,

    /// <summary>Cut by the length limit.</summary>
    Cut,

    /// <summary>It ended without an answer.</summary>
    NoAnswer,

    /// <summary>The checker could not decide.</summary>
    Unknown,
}

/// <summary>What is remembered of a completion; its text is not. The answer's text allows a better checker to decide again.</summary>
/// <param name="Index">Its number at its state, from 0; its seed comes from it.</param>
/// <param name="Class">What it came to.</param>
/// <param name="Answer">Its answer as written, or null.</param>
/// <param name="CheckerVersion">The answer checker that decided.</param>
/// <param name="Tokens">Tokens generated.</param>
[GenerateSerializer, Immutable, Alias("genprm.completion-fact")]
public sealed record CompletionFact(
    [property: Id(0)] int Index,
    [property: Id(1)] CompletionClass Class,
    [property: Id(2)] string? Answer,
    [property: Id(3)] int CheckerVersion,
    [property: Id(4)] int Tokens)
{
    /// <summary>Reads one completion. Its answer is looked for in what the completer wrote, not in the steps that it was given.</summary>
    public static CompletionFact Read(int index, Completion written, string goldAnswer, bool statedAnswers)
    {
        ArgumentNullException.ThrowIfNull(written);
        var answer = FinalAnswer.Find(written.Text, statedAnswers)?.Text;
        var @class = written.Finish == FinishReason.Length ? CompletionClass.Cut : Classify(goldAnswer, answer);
        return new(index, @class, answer, Answers.CheckerVersion, written.Tokens);
    }

    /// <summary>The same fact as this program's checker sees it. A cut completion stays cut.</summary>
    public CompletionFact CheckedAgain(string goldAnswer) => CheckerVersion == Answers.CheckerVersion
        ? this
        : this with { Class = Class == CompletionClass.Cut ? Class : Classify(goldAnswer, Answer), CheckerVersion = Answers.CheckerVersion };

    private static CompletionClass Classify(string goldAnswer, string? answer) => answer is null
        ? CompletionClass.NoAnswer
        : Answers.Compare(goldAnswer, answer).Verdict switch
        {
            Verdict.Equal => CompletionClass.Right,
            Verdict.Different => CompletionClass.Wrong,
            _ => CompletionClass.Unknown,
        };
}
