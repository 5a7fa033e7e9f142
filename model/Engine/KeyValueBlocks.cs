namespace GenPrm.Model.Engine;

/// <summary>Some tokens of one block of the key-value memory.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Offset">The first token's place in it.</param>
/// <param name="Count">How many tokens, at least 1.</param>
public readonly record struct KeyValueSpan(int Block, int Offset, int Count);

/// <summary>Which blocks of the key-value memory are taken, and by how many spans. Numbers only; the memory itself is elsewhere.</summary>
public sealed class KeyValueBlocks
{
    /// <summary>Tokens a block. A vector register holds as many f32 numbers.</summary>
    public const int Size = 16;

    private readonly int[] references;
    private readonly Stack<int> free;

    public KeyValueBlocks(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        references = new int[count];
        free = new Stack<int>(Enumerable.Range(0, count).Reverse());
    }

    /// <summary>How many there are.</summary>
    public int Count => references.Length;

    /// <summary>How many nobody uses.</summary>
    public int Free => free.Count;

    /// <summary>Blocks that hold so many tokens.</summary>
    public static int For(int tokens) => (tokens + Size - 1) / Size;

    /// <summary>Takes a free block, with one reference.</summary>
    /// <exception cref="InvalidOperationException">None is free: the scheduler promised more than there is.</exception>
    public int Take()
    {
        if (!free.TryPop(out var block))
            throw new InvalidOperationException($"All {Count} key-value blocks are taken.");
        references[block] = 1;
        return block;
    }

    public void Retain(int block) => references[block]++;

    /// <summary>Gives one reference back; the last one frees the block.</summary>
    public void Release(int block)
    {
        if (--references[block] == 0)
            free.Push(block);
        else if (references[block] < 0)
            throw new InvalidOperationException($"Key-value block {block} was released more often than taken.");
    }
}
