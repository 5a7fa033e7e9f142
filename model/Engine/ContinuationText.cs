using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Engine;

/// <summary>The text of one continuation as it grows, and whether a stop string has come.</summary>
internal sealed class ContinuationText(TokenDecoder decoder, Sampling sampling)
{
    private readonly StringBuilder text = new();

    /// <summary>Characters so far.</summary>
    public int Length => text.Length;

    /// <summary>Adds a token's text.</summary>
    /// <returns>Whether the text now contains a stop string; it is then cut at the end of the first to be complete, or before it.</returns>
    public bool Add(int token) => Add(decoder.Add(token));

    /// <summary>The whole text; a character whose bytes are not complete becomes U+FFFD.</summary>
    public string Finish(bool stopped)
    {
        if (!stopped)
            text.Append(decoder.Finish());
        return text.ToString();
    }

    /// <summary>Characters that a stop string which is not complete yet can no longer take back.</summary>
    public int Settled()
    {
        if (sampling.KeepStopString || sampling.StopStrings.IsEmpty)
            return text.Length;
        var tail = Part(Math.Max(0, text.Length - sampling.StopStrings.Max(stop => stop.Length)), text.Length);
        var held = 0;
        foreach (var stop in sampling.StopStrings)
        {
            for (var begun = Math.Min(stop.Length - 1, tail.Length); begun > held; begun--)
            {
                if (tail.AsSpan().EndsWith(stop.AsSpan(0, begun)))
                    held = begun;
            }
        }
        return text.Length - held;
    }

    /// <summary>A part of the text.</summary>
    public string Part(int from, int to) => text.ToString(from, to - from);

    private bool Add(string piece)
    {
        if (piece.Length == 0)
            return false;
        var before = text.Length;
        text.Append(piece);
        var (start, end) = (-1, int.MaxValue);
        foreach (var stop in sampling.StopStrings)
        {
            // Only a match that ends in the new piece is new.
            var from = Math.Max(0, before - stop.Length + 1);
            var found = stop.Length == 0 ? -1 : text.ToString(from, text.Length - from).IndexOf(stop, StringComparison.Ordinal);
            if (found >= 0 && from + found + stop.Length < end)
                (start, end) = (from + found, from + found + stop.Length);
        }
        if (start < 0)
            return false;
        text.Length = sampling.KeepStopString ? end : start;
        return true;
    }
}
