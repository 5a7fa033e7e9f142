namespace GenPrm.Model.Engine;

/// <summary>How an engine runs its model.</summary>
public sealed record EngineOptions
{
    /// <summary><c>auto</c>, <c>cpu</c>, or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary><c>auto</c> (bf16, but f32 on a CPU without packed products in bf16), <c>bf16</c>, or <c>f32</c>.</summary>
    public string Dtype { get; init; } = "auto";

    /// <summary>The budget for keys and values, in bytes. What does not fit waits.</summary>
    public long KeyValueBytes { get; init; } = 1L << 30;

    /// <summary>The most continuations in the running batch.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>The most prompt tokens in one step. A longer prompt is computed in parts, so that running continuations go on.</summary>
    public int PrefillTokens { get; init; } = 256;

    /// <summary>The most requests that wait inside the engine; further callers wait outside.</summary>
    public int MaxWaiting { get; init; } = 256;

    /// <summary>Events that may wait for the reader of a stream before its request is ended; enough that a pause of the reader costs nothing.</summary>
    public int MaxUnread { get; init; } = 16_384;

    /// <summary>CPU threads of torch in this process; 0 leaves torch's own choice.</summary>
    public int Threads { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range; the message names the option.</exception>
    public void Validate()
    {
        Require(KeyValueBytes > 0, nameof(KeyValueBytes), KeyValueBytes, "positive");
        Require(MaxBatch > 0, nameof(MaxBatch), MaxBatch, "positive");
        Require(PrefillTokens > 0, nameof(PrefillTokens), PrefillTokens, "positive");
        Require(MaxWaiting > 0, nameof(MaxWaiting), MaxWaiting, "positive");
        Require(MaxUnread > 0, nameof(MaxUnread), MaxUnread, "positive");
        Require(Threads >= 0, nameof(Threads), Threads, "0 or more");

        static void Require(bool holds, string option, long value, string range)
        {
            if (!holds)
                throw new ArgumentException($"Engine option {option} is {value}; it must be {range}.");
        }
    }
}
