using System.Collections.Immutable;

namespace GenPrm.Core.Rationales;

/// <summary>A fenced block of a text: <c>[Start, End)</c> with its fences, <c>[ContentStart, ContentEnd)</c> without.</summary>
/// <param name="IsPython">Whether the opening fence says <c>python</c>.</param>
/// <param name="IsClosed">Whether there is a closing fence.</param>
internal readonly record struct FencedBlock(int Start, int ContentStart, int ContentEnd, int End, bool IsPython, bool IsClosed);

/// <summary>Finds fenced blocks. A fence is three backticks at the start of a line; one that opens Python may also end a line
/// (<c>&lt;verify&gt;```python</c>), and a closing one has nothing behind it, save a <c>&lt;/verify&gt;</c> that was not given a line of its own.</summary>
internal static class CodeFences
{
    private const string Fence = "```";
    private const string Python = "```python";

    public static ImmutableArray<FencedBlock> Find(string text)
    {
        var blocks = ImmutableArray.CreateBuilder<FencedBlock>();
        FencedBlock? open = null;
        for (var start = 0; start < text.Length;)
        {
            var lineBreak = text.IndexOf('\n', start);
            var end = lineBreak < 0 ? text.Length : lineBreak;
            var next = lineBreak < 0 ? text.Length : lineBreak + 1;
            var line = text.AsSpan(start, end - start);
            if (open is null && line.TrimEnd().EndsWith(Python, StringComparison.Ordinal))
                open = new(start + line.LastIndexOf(Python, StringComparison.Ordinal), next, text.Length, text.Length, true, false);
            else if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                var behind = line[Fence.Length..].Trim();
                if (open is null)
                    open = new(start, next, text.Length, text.Length, false, false);
                else if (behind.IsEmpty || behind.StartsWith("</verify>", StringComparison.Ordinal))
                {
                    blocks.Add(open.Value with { ContentEnd = start, End = behind.IsEmpty ? next : start + Fence.Length, IsClosed = true });
                    open = null;
                }
            }

            start = next;
        }

        if (open is { } last)
            blocks.Add(last);
        return blocks.ToImmutable();
    }
}
