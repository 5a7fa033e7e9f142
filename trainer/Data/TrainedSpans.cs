using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;

namespace GenPrm.Trainer.Data;

/// <summary>Which stretches of a turn are trained where a file does not say: all of an assistant's turn but its fed-back output blocks.</summary>
public static class TrainedSpans
{
    private const string Fence = "\n```";

    /// <summary>A turn with its trained stretches.</summary>
    public static SampleTurn Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Role != "assistant")
            return SampleTurn.Untrained(message);
        var spans = ImmutableArray.CreateBuilder<TextSpan>();
        var text = message.Content;
        var at = 0;
        while (Output(text, at) is { } output)
        {
            if (output.Start > at)
                spans.Add(new(at, output.Start));
            at = output.End;
        }

        if (at < text.Length)
            spans.Add(new(at, text.Length));
        return new(message, spans.ToImmutable());
    }

    /// <summary>The next output block: its heading at a line's beginning, a fence, and all to the closing fence's line end.</summary>
    private static TextSpan? Output(string text, int from)
    {
        var start = text.IndexOf(CodeFeedback.Heading, from, StringComparison.Ordinal);
        while (start > 0 && text[start - 1] != '\n')
            start = text.IndexOf(CodeFeedback.Heading, start + 1, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var open = text.IndexOf(Fence, start, StringComparison.Ordinal);
        var close = open < 0 ? -1 : text.IndexOf(Fence, open + Fence.Length, StringComparison.Ordinal);
        if (close < 0)
            return new(start, text.Length);
        var end = text.IndexOf('\n', close + 1);
        return new(start, end < 0 ? text.Length : end + 1);
    }
}
