using GenPrm.Core.Equality.Forms;
using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality;

/// <summary>
/// Decides whether two answers are the same answer (method, section 9). Pure, thread-safe, symmetric; bounded by <see cref="Budget"/>.
/// An answer goes through three rooms: the grammar makes a tree of it, <see cref="Reading"/> a form (a value, a tuple, a set, an equation …),
/// and <see cref="Algebra"/> brings every value in it to normal form. Forms are then compared.
/// </summary>
public static class Answers
{
    /// <summary>Stands beside every stored verdict. It grows whenever some verdict may have changed.</summary>
    public const int CheckerVersion = 13;

    /// <summary>The reason where one side is blank.</summary>
    public const string NoAnswerReason = "no answer";

    private static readonly Comparison SameText = new(Verdict.Equal, "same text");
    private static readonly Comparison SameValue = new(Verdict.Equal, "same value");
    private static readonly Comparison SameSet = new(Verdict.Equal, "same set");
    private static readonly Comparison OtherValue = new(Verdict.Different, "other value");
    private static readonly Comparison NoAnswer = new(Verdict.Different, NoAnswerReason);
    private static readonly Comparison OtherText = new(Verdict.Different, "other text");
    private static readonly Comparison TooLarge = new(Verdict.Unknown, "too large");
    private static readonly Comparison TooClose = new(Verdict.Unknown, "too close");

    /// <summary>Compares two answers written in LaTeX or plain text. Never throws for any text; <c>Compare(a, b)</c> is <c>Compare(b, a)</c>.</summary>
    /// <param name="gold">The reference answer.</param>
    /// <param name="prediction">The answer to judge.</param>
    public static Comparison Compare(string gold, string prediction)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(prediction);
        if (gold == prediction)
            return SameText;
        // One order for both ways of asking.
        return string.CompareOrdinal(gold, prediction) < 0 ? Ordered(gold, prediction) : Ordered(prediction, gold);
    }

    private static Comparison Ordered(string first, string second)
    {
        if (PlainNumber.Read(first) is { } a && PlainNumber.Read(second) is { } b)
            return a == b ? SameValue : OtherValue;
        var (left, right) = (Extraction.Boxed(first) ?? first.Trim(), Extraction.Boxed(second) ?? second.Trim());
        if (IsBlank(left) || IsBlank(right))
            return IsBlank(left) && IsBlank(right) ? SameText : NoAnswer;
        if (left == right)
            return SameText;
        if (left.Length > Budget.Length || right.Length > Budget.Length)
            return TooLarge;
        var (x, y) = (new Text(left), new Text(right));
        // Words without mathematics need no grammar.
        if (x.Words is { } p && y.Words is { } q && (x.IsLanguage || y.IsLanguage))
        {
            if (p == q)
                return SameText;
            if (!x.HasItems && !y.HasItems && !x.HasDigits && !y.HasDigits)
                return Phrases.AreAlike(p, q) ? SameSet : OtherText;
        }
        try
        {
            return Readings(x, y);
        }
        catch (TooLargeException)
        {
            return TooLarge;
        }
        catch (TooCloseException)
        {
            return TooClose;
        }
        catch (UndefinedException)
        {
            return new(Verdict.Unknown, "undefined");
        }
    }

    private static bool IsBlank(string text) => text.AsSpan().Trim(" \t\r\n$.\\").IsEmpty;

    // A comma between digits and a bare logarithm can be read in two ways: the answers are equal if they are so in one of them.
    private static Comparison Readings(Text x, Text y)
    {
        var budget = new Budget();
        Comparison? result = null;
        foreach (var (p, q) in Pairs(x.Trees(budget), y.Trees(budget)))
        {
            foreach (var natural in (ReadOnlySpan<bool>)[false, true])
            {
                var algebra = new Algebra(new GeneratorTable(), budget, natural);
                var comparison = Compared(p, q, algebra);
                if (comparison.Verdict == Verdict.Equal)
                    return comparison;
                result = result is null || comparison.Verdict == Verdict.Unknown ? comparison : result;
                if (!algebra.MetBareLog)
                    break;
            }
        }
        if (result is not null)
            return result;
        return x.Squeezed == y.Squeezed ? SameText : new(Verdict.Unknown, $"not parsed: {x.Trouble ?? y.Trouble}");
    }

    private static IEnumerable<(Node, Node)> Pairs(IReadOnlyList<Node> first, IReadOnlyList<Node> second)
        => first.SelectMany(_ => second, (a, b) => (a, b));

    private static Comparison Compared(Node p, Node q, Algebra algebra)
    {
        try
        {
            var reading = new Reading(algebra);
            return new Comparer(algebra).Compare(reading.Of(p), reading.Of(q));
        }
        catch (NotParsedException trouble)
        {
            algebra.Budget.Level = 0;
            return new(Verdict.Unknown, $"not parsed: {trouble.Message}");
        }
    }
}
