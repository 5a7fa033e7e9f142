namespace GenPrm.Model.Engine;

/// <summary>What the model runs at once: one token of each running continuation, and parts of prompts.</summary>
/// <param name="Decodes">Continuations, those of one job side by side. Each has logits.</param>
/// <param name="Prefills">Parts of prefixes. They have none.</param>
public sealed record Step(IReadOnlyList<Continuation> Decodes, IReadOnlyList<PrefillChunk> Prefills)
{
    public int Rows => Decodes.Count + Prefills.Sum(chunk => chunk.Count);
}

/// <summary>Tokens <paramref name="From"/> .. <paramref name="From"/> + <paramref name="Count"/> - 1 of a job's prefix.</summary>
public readonly record struct PrefillChunk(Job Job, int From, int Count);

/// <summary>A step as the model runs it, a row a token.</summary>
public sealed class Batch
{
    private Batch(int rows)
    {
        Tokens = new long[rows];
        Positions = new int[rows];
        Slots = new int[rows];
    }

    /// <summary>Each row's token id.</summary>
    public long[] Tokens { get; }

    /// <summary>Each row's place in its sequence.</summary>
    public int[] Positions { get; }

    /// <summary>Where each row's key and value go: block · <see cref="KeyValueBlocks.Size"/> + place in the block.</summary>
    public int[] Slots { get; }

    /// <summary>Rows that share a beginning; together all rows, in order.</summary>
    public required IReadOnlyList<RowGroup> Groups { get; init; }

    /// <summary>The first rows are continuations, each of which wants logits.</summary>
    public required int LogitRows { get; init; }

    internal static Batch Of(Step step)
    {
        var groups = new List<RowGroup>();
        var batch = new Batch(step.Rows) { Groups = groups, LogitRows = step.Decodes.Count };
        var row = 0;
        foreach (var continuation in step.Decodes)
        {
            var job = continuation.Job;
            batch.Fill(row, continuation.NextToken, job.PrefixLength + continuation.Cached, continuation.Blocks, continuation.Cached);
            KeyValueSpan[] own = [.. Continuation.Spans(continuation.Blocks, continuation.Cached + 1)];
            if (groups.Count > 0 && ReferenceEquals(groups[^1].Shared, job.Path))
                groups[^1].Own.Add(own);
            else
                groups.Add(new RowGroup(row, job.Path!, job.PrefixLength) { Own = { own } });
            row++;
        }
        foreach (var (job, from, count) in step.Prefills)
        {
            var before = job.Node!.Depth;
            KeyValueSpan[] path = [.. Places(job.Node), .. Continuation.Spans(job.PrefixBlocks, from + count - before)];
            groups.Add(new RowGroup(row, path, from + count) { Prefill = count });
            for (var token = from; token < from + count; token++)
                batch.Fill(row++, job.Prompt[token], token, job.PrefixBlocks, token - before);
        }
        return batch;
    }

    /// <summary>All tokens from the root to a node's end.</summary>
    internal static KeyValueSpan[] Places(PrefixNode? node)
    {
        var nodes = new Stack<PrefixNode>();
        for (; node is not null; node = node.Parent)
            nodes.Push(node);
        return [.. nodes.SelectMany(part => part.Spans)];
    }

    private void Fill(int row, int token, int position, List<int> blocks, int own)
    {
        Tokens[row] = token;
        Positions[row] = position;
        Slots[row] = (blocks[own / KeyValueBlocks.Size] * KeyValueBlocks.Size) + (own % KeyValueBlocks.Size);
    }
}

/// <summary>Rows whose sequences begin with the same keys and values.</summary>
/// <param name="FirstRow">The first of the rows.</param>
/// <param name="Shared">Where the shared keys and values are. A row sees those up to its own position.</param>
/// <param name="SharedLength">Their number of tokens.</param>
public sealed record RowGroup(int FirstRow, KeyValueSpan[] Shared, int SharedLength)
{
    /// <summary>For rows of different continuations: what each has for itself, its newest token included. Empty for a prefill.</summary>
    public List<KeyValueSpan[]> Own { get; } = [];

    /// <summary>For consecutive tokens of one prefix, their number: all they see is shared. 0 for continuations.</summary>
    public int Prefill { get; init; }

    public int RowCount => Prefill > 0 ? Prefill : Own.Count;
}
