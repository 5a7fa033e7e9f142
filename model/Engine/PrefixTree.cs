namespace GenPrm.Model.Engine;

/// <summary>A run of tokens whose keys and values are in memory. Its parents hold the tokens before it.</summary>
public sealed class PrefixNode
{
    internal PrefixNode(PrefixNode? parent, int[] tokens, KeyValueSpan[] spans)
    {
        (Parent, Tokens, Spans) = (parent, tokens, spans);
        Depth = (parent?.Depth ?? 0) + tokens.Length;
    }

    public PrefixNode? Parent { get; internal set; }

    /// <summary>This node's own tokens.</summary>
    public IReadOnlyList<int> TokenIds => Tokens;

    /// <summary>Where its tokens' keys and values are, in order.</summary>
    public IReadOnlyList<KeyValueSpan> Places => Spans;

    /// <summary>Tokens from the root to this node's end.</summary>
    public int Depth { get; }

    internal int[] Tokens { get; set; }

    internal KeyValueSpan[] Spans { get; set; }

    internal Dictionary<int, PrefixNode> Children { get; } = [];

    /// <summary>How many running sequences need it and all before it.</summary>
    internal int Users { get; set; }

    internal long LastUsed { get; set; }
}

/// <summary>What has been computed, as a radix tree over token ids: prompts that begin alike share nodes. Each span of a node holds
/// one reference to its block. Nodes that no sequence uses stay until their blocks are wanted; the longest unused leaf goes first.</summary>
public sealed class PrefixTree(KeyValueBlocks blocks)
{
    private readonly PrefixNode root = new(null, [], []);
    private long clock;

    /// <summary>The node at the end of the longest computed beginning of <paramref name="tokens"/>; the root if there is none.
    /// Cuts a node in two if that end lies within it.</summary>
    public PrefixNode Match(ReadOnlySpan<int> tokens)
    {
        var node = root;
        while (tokens.Length > 0 && node.Children.TryGetValue(tokens[0], out var child))
        {
            var common = tokens.CommonPrefixLength(child.Tokens);
            node = common < child.Tokens.Length ? Cut(child, common) : child;
            node.LastUsed = ++clock;
            tokens = tokens[common..];
        }
        return node;
    }

    /// <summary>How many tokens <see cref="Match"/> would find; changes nothing.</summary>
    public int MatchLength(ReadOnlySpan<int> tokens)
    {
        var (node, length) = (root, 0);
        while (length < tokens.Length && node.Children.TryGetValue(tokens[length], out var child))
        {
            var common = tokens[length..].CommonPrefixLength(child.Tokens);
            length += common;
            if (common < child.Tokens.Length)
                break;
            node = child;
        }
        return length;
    }

    /// <summary>Keeps a node and all before it in memory until <see cref="Release"/>.</summary>
    public void Hold(PrefixNode node)
    {
        node.Users++;
        node.LastUsed = ++clock;
    }

    public void Release(PrefixNode node)
    {
        if (--node.Users < 0)
            throw new InvalidOperationException("A prefix was released more often than held.");
        node.LastUsed = ++clock;
    }

    /// <summary>Adds computed tokens after a node, and takes over the spans' references. What the tree already has of them is kept, and
    /// the second copy given back.</summary>
    /// <returns>The node at the tokens' end.</returns>
    public PrefixNode Add(PrefixNode after, ReadOnlySpan<int> tokens, IEnumerable<KeyValueSpan> spans)
    {
        var end = after;
        var rest = tokens;
        while (rest.Length > 0 && end.Children.TryGetValue(rest[0], out var child))
        {
            var common = rest.CommonPrefixLength(child.Tokens);
            end = common < child.Tokens.Length ? Cut(child, common) : child;
            rest = rest[common..];
        }
        var (known, added) = CutSpans([.. spans], tokens.Length - rest.Length);
        foreach (var span in known)
            blocks.Release(span.Block);
        if (rest.Length > 0)
        {
            var node = new PrefixNode(end, rest.ToArray(), added);
            end.Children.Add(rest[0], node);
            end = node;
        }
        end.LastUsed = ++clock;
        return end;
    }

    /// <summary>Gives up unused leaves, the longest unused first, until so many blocks are free or none is left to give.</summary>
    public void Evict(int wantedFree)
    {
        if (blocks.Free >= wantedFree)
            return;
        var leaves = new PriorityQueue<PrefixNode, long>();
        foreach (var node in Nodes())
            Offer(node);
        while (blocks.Free < wantedFree && leaves.TryDequeue(out var leaf, out _))
        {
            foreach (var span in leaf.Spans)
                blocks.Release(span.Block);
            var parent = leaf.Parent!;
            parent.Children.Remove(leaf.Tokens[0]);
            leaf.Parent = null;
            Offer(parent);
        }

        void Offer(PrefixNode node)
        {
            if (node != root && node.Children.Count == 0 && node.Users == 0)
                leaves.Enqueue(node, node.LastUsed);
        }
    }

    /// <summary>Blocks that stay however much is evicted: those of nodes in use and of all before them.</summary>
    public int HeldBlocks()
    {
        var held = new HashSet<int>();
        var seen = new HashSet<PrefixNode>();
        foreach (var used in Nodes().Where(node => node.Users > 0))
        {
            for (var node = used; node != root && seen.Add(node); node = node.Parent!)
                held.UnionWith(node.Spans.Select(span => span.Block));
        }
        return held.Count;
    }

    /// <summary>Every node but the root.</summary>
    public IEnumerable<PrefixNode> Nodes()
    {
        var open = new Stack<PrefixNode>(root.Children.Values);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in node.Children.Values)
                open.Push(child);
        }
    }

    /// <summary>The node keeps its end, so that whoever holds it holds the same tokens as before; its beginning becomes a new parent.</summary>
    private PrefixNode Cut(PrefixNode node, int length)
    {
        var (first, second) = CutSpans(node.Spans, length);
        var upper = new PrefixNode(node.Parent, node.Tokens[..length], first) { LastUsed = node.LastUsed };
        node.Parent!.Children[node.Tokens[0]] = upper;
        node.Parent = upper;
        (node.Tokens, node.Spans) = (node.Tokens[length..], second);
        upper.Children.Add(node.Tokens[0], node);
        return upper;
    }

    private (KeyValueSpan[] First, KeyValueSpan[] Second) CutSpans(KeyValueSpan[] spans, int length)
    {
        List<KeyValueSpan> first = [], second = [];
        foreach (var span in spans)
        {
            var taken = Math.Min(length, span.Count);
            if (taken > 0)
                first.Add(span with { Count = taken });
            if (taken < span.Count)
                second.Add(new KeyValueSpan(span.Block, span.Offset + taken, span.Count - taken));
            if (taken > 0 && taken < span.Count)
                blocks.Retain(span.Block); // one span has become two
            length -= taken;
        }
        return ([.. first], [.. second]);
    }
}
