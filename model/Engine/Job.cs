namespace GenPrm.Model.Engine;

/// <summary>One prompt and its continuations, as the scheduler sees them: numbers of tokens and blocks.</summary>
/// <remarks>All tokens of the prompt but the last are computed once, as a node of the prefix tree that the continuations share. Each
/// continuation begins by running the prompt's last token itself, for the logits that its first token is drawn from: so a continuation
/// may join at any time, and nothing but keys and values is ever kept for it.</remarks>
public sealed class Job
{
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="limits">For each continuation its limit of new tokens, at least 1.</param>
    public Job(int[] prompt, IEnumerable<int> limits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Length);
        Prompt = prompt;
        Continuations = [.. limits.Select((limit, index) => new Continuation(this, index, limit))];
        LongestContinuation = Continuations.Max(continuation => KeyValueBlocks.For(continuation.Limit));
    }

    public IReadOnlyList<Continuation> Continuations { get; }

    internal int[] Prompt { get; }

    /// <summary>The part that is computed once.</summary>
    internal ReadOnlySpan<int> Prefix => Prompt.AsSpan(0, Prompt.Length - 1);

    internal int PrefixLength => Prompt.Length - 1;

    /// <summary>Blocks that the longest continuation may need.</summary>
    internal int LongestContinuation { get; }

    /// <summary>Blocks needed for the prefix and one continuation, with nothing shared: the least that this job can run in.</summary>
    internal int LeastBlocks => KeyValueBlocks.For(PrefixLength) + LongestContinuation;

    /// <summary>What of the prefix is computed and held; null while the job waits.</summary>
    internal PrefixNode? Node { get; set; }

    /// <summary>Blocks of the part of the prefix that this job computes itself.</summary>
    internal List<int> PrefixBlocks { get; } = [];

    /// <summary>Tokens of the prefix computed so far.</summary>
    internal int Computed { get; set; }

    /// <summary>Where the whole prefix is, once it is computed.</summary>
    internal KeyValueSpan[]? Path { get; set; }

    internal int Started { get; set; }

    internal int Ended { get; set; }

    internal int Running => Started - Ended;

    internal bool Ready => Path is not null;
}

/// <summary>One continuation of a job.</summary>
public sealed class Continuation
{
    private readonly List<int> tokens = [];

    internal Continuation(Job job, int index, int limit) => (Job, Index, Limit) = (job, index, limit);

    public Job Job { get; }

    /// <summary>Its place among the job's continuations.</summary>
    public int Index { get; }

    /// <summary>The most new tokens.</summary>
    public int Limit { get; }

    /// <summary>New tokens so far.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>The token that the next step runs: the newest, or at the start the prompt's last.</summary>
    internal int NextToken => tokens.Count == 0 ? Job.Prompt[^1] : tokens[^1];

    internal List<int> Blocks { get; } = [];

    /// <summary>How many tokens of its own have keys and values: the prompt's last, then the new ones.</summary>
    internal int Cached { get; set; }

    /// <summary>Takes the token that was drawn from the newest logits.</summary>
    internal void Append(int token) => tokens.Add(token);

    internal IEnumerable<KeyValueSpan> Spans() => Spans(Blocks, Cached);

    internal static IEnumerable<KeyValueSpan> Spans(List<int> blocks, int tokens) => blocks
        .Take(KeyValueBlocks.For(tokens))
        .Select((block, index) => new KeyValueSpan(block, 0, Math.Min(KeyValueBlocks.Size, tokens - (index * KeyValueBlocks.Size))));
}
