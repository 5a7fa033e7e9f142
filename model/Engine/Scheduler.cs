namespace GenPrm.Model.Engine;

/// <summary>Decides what runs in each step, and which blocks of key-value memory it uses. Pure: no tensors, no clock, no threads.</summary>
/// <remarks>
/// A job is admitted when its prefix and one continuation fit into what is left of the budget, counting for everything that runs the
/// most it can still need: so what runs never has to be thrown out, and every admitted job comes to its end. Jobs are served in the order
/// of arrival; one that does not fit holds up those behind it, so that none starves. A job whose prompt begins like one that is being
/// computed waits for that one and shares it.
/// </remarks>
public sealed class Scheduler
{
    private readonly KeyValueBlocks blocks;
    private readonly PrefixTree tree;
    private readonly int maxRunning;
    private readonly int prefillRows;
    private readonly LinkedList<Job> waiting = [];
    private readonly List<Job> active = [];
    private readonly List<Continuation> running = [];

    /// <param name="blockCount">The key-value memory, in blocks.</param>
    /// <param name="maxRunning">The most continuations in one step.</param>
    /// <param name="prefillRows">The most prompt tokens in one step: a long prompt is computed in parts beside the continuations.</param>
    public Scheduler(int blockCount, int maxRunning, int prefillRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRunning);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(prefillRows);
        blocks = new KeyValueBlocks(blockCount);
        tree = new PrefixTree(blocks);
        (this.maxRunning, this.prefillRows) = (maxRunning, prefillRows);
    }

    public KeyValueBlocks Blocks => blocks;

    public PrefixTree Tree => tree;

    /// <summary>Jobs not yet admitted.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Continuations in the running batch.</summary>
    public int Running => running.Count;

    /// <summary>Tokens of prompts that were found in the tree instead of being computed, since the start.</summary>
    public long SharedTokens { get; private set; }

    /// <summary>Whether a job could run if it had the whole memory to itself.</summary>
    public bool CanEverRun(Job job) => job.LeastBlocks <= blocks.Count;

    /// <exception cref="ArgumentException">The job can never run.</exception>
    public void Add(Job job)
    {
        if (!CanEverRun(job))
            throw new ArgumentException($"The job needs {job.LeastBlocks} key-value blocks; there are {blocks.Count}.");
        waiting.AddLast(job);
    }

    /// <summary>The next step, its blocks taken; null if there is nothing to run.</summary>
    public Step? Next()
    {
        Admit();
        Start();
        var prefills = new List<PrefillChunk>();
        var room = prefillRows;
        foreach (var job in active.Where(job => !job.Ready))
        {
            var count = Math.Min(room, job.PrefixLength - job.Computed);
            if (count == 0)
                break;
            Grow(job.PrefixBlocks, job.Computed + count - job.Node!.Depth);
            prefills.Add(new PrefillChunk(job, job.Computed, count));
            room -= count;
        }
        foreach (var continuation in running)
            Grow(continuation.Blocks, continuation.Cached + 1);
        return running.Count + prefills.Count == 0 ? null : new Step([.. running], prefills);
    }

    /// <summary>Says that a step has run: its tokens now have keys and values.</summary>
    public void Ran(Step step)
    {
        foreach (var continuation in step.Decodes)
            continuation.Cached++;
        foreach (var (job, from, count) in step.Prefills)
        {
            job.Computed = from + count;
            if (job.Computed == job.PrefixLength)
                Complete(job);
        }
    }

    /// <summary>Ends a running continuation. What it computed stays in the tree for whoever continues it, until the memory is wanted.</summary>
    public void Finish(Continuation continuation)
    {
        Leave(continuation);
        var job = continuation.Job;
        var start = job.Node!.Depth;
        int[] tokens = [.. job.Prompt[start..], .. continuation.Tokens];
        job.PrefixBlocks.ForEach(blocks.Retain);
        tree.Add(
            job.Node,
            tokens.AsSpan(0, job.PrefixLength - start + continuation.Cached),
            [.. Continuation.Spans(job.PrefixBlocks, job.PrefixLength - start), .. continuation.Spans()]);
        foreach (var unused in continuation.Blocks.Skip(KeyValueBlocks.For(continuation.Cached)))
            blocks.Release(unused);
        if (job.Ended == job.Continuations.Count)
            Close(job);
    }

    /// <summary>Drops a job wherever it stands and frees what it has. Does nothing for one that is done.</summary>
    public void Cancel(Job job)
    {
        if (waiting.Remove(job) || !active.Contains(job))
            return;
        foreach (var continuation in running.Where(continuation => continuation.Job == job).ToList())
        {
            Leave(continuation);
            continuation.Blocks.ForEach(blocks.Release);
        }
        Close(job);
    }

    private void Admit()
    {
        var unstarted = active.Sum(job => job.Continuations.Count - job.Started);
        for (var entry = waiting.First; entry is not null && running.Count + unstarted < maxRunning;)
        {
            var (job, next) = (entry.Value, entry.Next);
            var known = tree.MatchLength(job.Prefix);
            if (!active.Exists(other => !other.Ready && other.Prefix.CommonPrefixLength(job.Prefix) > known))
            {
                if (!TryBegin(job))
                    return;
                waiting.Remove(entry);
                unstarted += job.Continuations.Count;
            }
            entry = next;
        }
    }

    /// <summary>Holds what is known of a job's prefix and makes the job active, if all that is then active still fits.</summary>
    private bool TryBegin(Job job)
    {
        if (!Fits())
        {
            // Shared runs may be spread thinly over blocks. With nothing else active, computing anew always fits.
            if (active.Count > 0)
                return false;
            tree.Evict(blocks.Count);
            if (!Fits())
                return false;
        }
        job.Computed = job.Node!.Depth;
        SharedTokens += job.Computed;
        if (job.Computed == job.PrefixLength)
            job.Path = Batch.Places(job.Node);
        return true;

        bool Fits()
        {
            job.Node = tree.Match(job.Prefix);
            tree.Hold(job.Node);
            active.Add(job);
            if (Committed() <= blocks.Count)
                return true;
            Close(job);
            job.Node = null;
            return false;
        }
    }

    /// <summary>Puts a computed prefix into the tree. If others have put part of it there meanwhile, the job keeps its own copy to itself
    /// until it is done: holding theirs might take more blocks than were counted for it.</summary>
    private void Complete(Job job)
    {
        var before = job.Node!;
        KeyValueSpan[] own = [.. Continuation.Spans(job.PrefixBlocks, job.PrefixLength - before.Depth)];
        if (tree.MatchLength(job.Prefix) > before.Depth)
        {
            job.Path = [.. Batch.Places(before), .. own];
            return;
        }
        job.Node = tree.Add(before, job.Prefix[before.Depth..], own);
        job.PrefixBlocks.Clear();
        tree.Hold(job.Node);
        tree.Release(before);
        job.Path = Batch.Places(job.Node);
    }

    private void Start()
    {
        var before = running.Count;
        if (before == maxRunning || active.TrueForAll(job => job.Started == job.Continuations.Count))
            return;
        var committed = Committed();
        foreach (var job in active.Where(job => job.Ready))
        {
            while (running.Count < maxRunning && job.Started < job.Continuations.Count)
            {
                // One continuation of each active job is counted for already.
                var more = job.Running > 0 ? job.LongestContinuation : 0;
                if (committed + more > blocks.Count)
                    break;
                committed += more;
                running.Add(job.Continuations[job.Started++]);
            }
        }
        // Those of one job side by side, jobs in their order.
        if (running.Count > before)
            running.Sort((left, right) => (active.IndexOf(left.Job), left.Index).CompareTo((active.IndexOf(right.Job), right.Index)));
    }

    /// <summary>Blocks that what is admitted holds or can still come to need.</summary>
    private int Committed() => tree.HeldBlocks() + active.Sum(job =>
        (job.Ready ? job.PrefixBlocks.Count : KeyValueBlocks.For(job.PrefixLength - job.Node!.Depth))
        + (Math.Max(job.Running, job.Started < job.Continuations.Count ? 1 : 0) * job.LongestContinuation));

    private void Grow(List<int> own, int tokens)
    {
        while (own.Count < KeyValueBlocks.For(tokens))
        {
            // Some more than one, since looking for what to give up walks the tree.
            if (blocks.Free == 0)
                tree.Evict(Math.Max(1, blocks.Count / 32));
            own.Add(blocks.Take());
        }
    }

    private void Leave(Continuation continuation)
    {
        running.Remove(continuation);
        continuation.Job.Ended++;
    }

    private void Close(Job job)
    {
        job.PrefixBlocks.ForEach(blocks.Release);
        job.PrefixBlocks.Clear();
        tree.Release(job.Node!);
        active.Remove(job);
    }
}
