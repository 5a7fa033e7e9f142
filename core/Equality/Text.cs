using System.Buffers;
using System.Text;
using GenPrm.Core.Equality.Forms;
using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality;

/// <summary>One answer as text, and the trees it can be read as.</summary>
internal sealed class Text
{
    private static readonly SearchValues<char> AsciiLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private readonly string text;
    private readonly StringBuilder bare = new();

    public Text(string text)
    {
        this.text = text;
        Words = Scan() ? Phrases.Normal(bare.ToString()) : null;
    }

    /// <summary>Letters and digits in lower case, where the text has no mathematics beside them and at least two letters or digits; else null.</summary>
    public string? Words { get; }

    /// <summary>Whether words of language stand in the text, and not letters that may be variables.</summary>
    public bool IsLanguage { get; private set; }

    /// <summary>Whether several items may stand in the text.</summary>
    public bool HasItems { get; private set; }

    /// <summary>Whether digits stand in the text.</summary>
    public bool HasDigits { get; private set; }

    /// <summary>The text without blanks, dollar signs and what only changes its look.</summary>
    public string Squeezed
    {
        get
        {
            var squeezed = new StringBuilder(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length)
                {
                    var end = i + 1;
                    while (end < text.Length && char.IsAsciiLetter(text[end]))
                        end++;
                    if (end == i + 1)
                        end++;
                    if (text[i + 1] is not (',' or '!' or ';' or ':' or ' ') && !Vocabulary.Noise.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan((i + 1)..end)))
                        squeezed.Append(text, i, end - i);
                    i = end - 1;
                }
                else if (!char.IsWhiteSpace(text[i]) && text[i] != '$')
                {
                    // A blank between two numbers parts them.
                    if (i > 0 && char.IsWhiteSpace(text[i - 1]) && char.IsAsciiDigit(text[i]) && squeezed.Length > 0 && char.IsAsciiDigit(squeezed[^1]))
                        squeezed.Append(' ');
                    squeezed.Append(text[i]);
                }
            }
            return squeezed.ToString();
        }
    }

    /// <summary>Why the text could not be read, if so.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The trees: one, or two where a comma can be read in two ways; of the answer in the sentence, where the whole is none. None where nothing can be read.</summary>
    public IReadOnlyList<Node> Trees(Budget budget)
    {
        if (Extraction.IsProse(text) && Extraction.FromProse(text) is { } stated)
        {
            var found = Read(stated, budget);
            if (found.Count > 0)
                return found;
        }
        var trees = Read(text, budget);
        if (trees.Count == 0 && Extraction.HasWords(text) && Extraction.FromProse(text) is { } inner && inner.Length < text.Length)
            trees = Read(inner, budget);
        return trees;
    }

    private IReadOnlyList<Node> Read(string answer, Budget budget)
    {
        try
        {
            var (tree, isAmbiguous) = Parser.Read(answer, alternate: false, budget);
            if (!isAmbiguous)
                return [tree];
            try
            {
                return [tree, Parser.Read(answer, alternate: true, budget).Tree];
            }
            catch (NotParsedException)
            {
                budget.Level = 0;
                return [tree];
            }
        }
        catch (NotParsedException trouble)
        {
            budget.Level = 0;
            Trouble ??= trouble.Message;
            return [];
        }
    }

    // Goes through the text as long as nothing but words, digits and the signs of a sentence stand in it.
    private bool Scan()
    {
        var signs = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                if (!Command(ref i))
                    return false;
            }
            else if (char.IsAsciiLetter(c))
            {
                signs++;
                if (!Run(ref i))
                    return false;
            }
            else if (char.IsAsciiDigit(c))
            {
                signs++;
                HasDigits = true;
                bare.Append(c);
            }
            else if (c is ',' or ';')
            {
                HasItems = true;
                bare.Append(c);
            }
            else if (c is '{' or '}' or '$' or '.' or '?' or '!' or ':' or '"' or '\'' or '(' or ')' || char.IsWhiteSpace(c) || (c == '-' && i > 0 && char.IsAsciiLetter(text[i - 1])))
            {
                if (c is not ('{' or '}' or '$'))
                    bare.Append(c);
            }
            else
            {
                return false;
            }
        }
        return signs > 0 && bare.Length > 1;
    }

    private bool Command(ref int i)
    {
        var end = i + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
            end++;
        var name = text.AsSpan(i + 1, end - i - 1);
        i = Math.Max(end - 1, i + 1);
        if (name.IsEmpty)
        {
            if (i < text.Length)
                bare.Append(' ');
            return i < text.Length && text[i] is ' ' or ',' or '!' or ';' or ':';
        }
        if (!Vocabulary.Upright.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
            return Vocabulary.Noise.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
        // Upright letters are language, a single one aside: \text{e} is e.
        var close = text.IndexOf('}', end);
        IsLanguage |= close > end && text.AsSpan(end, close - end).TrimStart('{').Trim().Length > 1
            && text.AsSpan(end, close - end).ContainsAny(AsciiLetters);
        return true;
    }

    private bool Run(ref int i)
    {
        var start = i;
        while (i + 1 < text.Length && char.IsAsciiLetter(text[i + 1]))
            i++;
        var run = text[start..(i + 1)];
        if (run.Length > 1 && Vocabulary.BareCommand(run) is not null)
            return false;
        HasItems |= Vocabulary.Joiners.Contains(run.ToLowerInvariant());
        IsLanguage |= Vocabulary.IsWord(run);
        bare.Append(run);
        return true;
    }
}
