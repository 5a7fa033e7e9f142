using GenPrm.Model.Engine;

namespace GenPrm.Tests.Model;

public sealed class PrefixTreeTests
{
    private readonly KeyValueBlocks blocks = new(16);
    private readonly PrefixTree tree;

    public PrefixTreeTests() => tree = new PrefixTree(blocks);

    [Fact]
    public void Match_PromptThatLeavesANodeInTheMiddle_CutsIt()
    {
        Add(tree.Match([]), [.. Enumerable.Range(0, 20)]);
        var node = tree.Match([0, 1, 2, 3, 4, 99]);
        Assert.Equal(5, node.Depth);
        Assert.Equal([0, 1, 2, 3, 4], node.TokenIds);
        Assert.Equal(20, tree.MatchLength([.. Enumerable.Range(0, 20), 7]));
        Assert.Equal(14, blocks.Free);
    }

    [Fact]
    public void Add_TokensAlreadyKnown_GivesTheSecondCopyBack()
    {
        var root = tree.Match([]);
        Add(root, [.. Enumerable.Range(0, 20)]);
        var end = Add(root, [.. Enumerable.Range(0, 18), 50, 51]);
        Assert.Equal(20, end.Depth);
        // Two blocks of the first; of the second only the block of its own last tokens.
        Assert.Equal(13, blocks.Free);
        tree.Evict(16);
        Assert.Equal(16, blocks.Free);
    }

    [Fact]
    public void Evict_UnusedLeaves_LongestUnusedFirstAndNeverHeldOnes()
    {
        var root = tree.Match([]);
        var held = Add(root, [1, 2, 3]);
        tree.Hold(held);
        Add(held, [4, 5]);
        Add(root, [7, 8]);
        tree.Match([1, 2, 3, 4, 5]);
        tree.Evict(14);
        Assert.Equal(0, tree.MatchLength([7, 8]));
        Assert.Equal(5, tree.MatchLength([1, 2, 3, 4, 5]));
        tree.Evict(16);
        Assert.Equal(3, tree.MatchLength([1, 2, 3, 4, 5]));
        Assert.Equal(1, tree.HeldBlocks());
        tree.Release(held);
        tree.Evict(16);
        Assert.Equal(16, blocks.Free);
    }

    private PrefixNode Add(PrefixNode after, int[] tokens)
    {
        List<KeyValueSpan> spans = [];
        for (var from = 0; from < tokens.Length; from += KeyValueBlocks.Size)
            spans.Add(new KeyValueSpan(blocks.Take(), 0, Math.Min(KeyValueBlocks.Size, tokens.Length - from)));
        return tree.Add(after, tokens, spans);
    }
}
