using System.Text;
using GenPrm.Core.Generation;

namespace GenPrm.Model.Tokenization.Patterns;

/// <summary>The text that a pattern is tried on, read by code point, and what is left of the work allowed.</summary>
internal sealed class PatternInput(string text)
{
    private long steps = 1_000_000 + (1000L * text.Length);

    public int Length => text.Length;

    /// <summary>The code point at a place, and how many UTF-16 units it has.</summary>
    public int At(int place, out int width)
    {
        var unit = text[place];
        if (char.IsHighSurrogate(unit) && place + 1 < text.Length && char.IsLowSurrogate(text[place + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(unit, text[place + 1]);
        }

        width = 1;
        return unit;
    }

    /// <summary>The place of the code point that ends before another.</summary>
    public int Before(int place) => place >= 2 && char.IsLowSurrogate(text[place - 1]) && char.IsHighSurrogate(text[place - 2]) ? place - 2 : place - 1;

    /// <exception cref="GenerationException">The work allowed is used up: the same text would come to the same end again.</exception>
    public void Step()
    {
        if (--steps < 0)
            throw new GenerationException($"the tokenizer's pattern takes too long on a text of {text.Length} characters; shorten it");
    }
}

/// <summary>One part of a pattern. Parts are linked: each tries the rest after itself, and takes back what it took if the rest fails.</summary>
internal abstract class PatternNode
{
    /// <summary>What must match after this part.</summary>
    public PatternNode Next { get; set; } = null!;

    /// <summary>Where the whole match ends if it goes on here, or -1.</summary>
    public abstract int Match(PatternInput input, int place);
}

/// <summary>The end of a pattern, or of a look ahead.</summary>
internal sealed class EndNode : PatternNode
{
    public override int Match(PatternInput input, int place) => place;
}

/// <summary>Between <paramref name="least"/> and <paramref name="most"/> code points of a set.</summary>
internal sealed class SetNode(CharacterSet set, int least, int most, Greed greed) : PatternNode
{
    public override int Match(PatternInput input, int place)
    {
        var count = 0;
        while (count < least)
        {
            if (!Take(input, ref place))
                return -1;
            count++;
        }

        if (greed == Greed.Lazy)
            return MatchLazily(input, place, count);
        var shortest = place;
        while (count < most && Take(input, ref place))
            count++;
        if (greed == Greed.Possessive)
            return Next.Match(input, place);
        while (true)
        {
            input.Step();
            var end = Next.Match(input, place);
            if (end >= 0 || place == shortest)
                return end;
            place = input.Before(place);
        }
    }

    private int MatchLazily(PatternInput input, int place, int count)
    {
        while (true)
        {
            input.Step();
            var end = Next.Match(input, place);
            if (end >= 0 || count == most || !Take(input, ref place))
                return end;
            count++;
        }
    }

    private bool Take(PatternInput input, ref int place)
    {
        if (place >= input.Length || !set.Contains(input.At(place, out var width)))
            return false;
        place += width;
        return true;
    }
}

/// <summary>The first branch after which the rest matches.</summary>
internal sealed class ChoiceNode(IReadOnlyList<PatternNode> branches) : PatternNode
{
    public override int Match(PatternInput input, int place)
    {
        for (var branch = 0; branch < branches.Count; branch++)
        {
            input.Step();
            if (branches[branch].Match(input, place) is >= 0 and var end)
                return end;
        }

        return -1;
    }
}

/// <summary>A part that must, or must not, follow, and is not consumed.</summary>
internal sealed class LookAheadNode(PatternNode body, bool wanted) : PatternNode
{
    public override int Match(PatternInput input, int place) => body.Match(input, place) >= 0 == wanted ? Next.Match(input, place) : -1;
}

/// <summary>How a repetition takes: as much as it can and gives back; as little as it can; as much as it can and gives nothing back.</summary>
internal enum Greed
{
    Greedy,
    Lazy,
    Possessive,
}
