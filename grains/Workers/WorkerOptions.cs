namespace GenPrm.Grains.Workers;

/// <summary>What this silo's workers take on.</summary>
public sealed class WorkerOptions
{
    /// <summary>Continuations of one model that are worked on at once.</summary>
    public int Continuations { get; set; } = 128;

    /// <summary>Code blocks that run at once; also the most interpreters that are kept for rationales which are not finished.</summary>
    public int Sandboxes { get; set; } = 4;

    /// <summary>An interpreter that no block came for is closed after this time. Its rationale's next block replays the earlier ones elsewhere.</summary>
    public TimeSpan SandboxIdle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Which models this silo serves; all that are asked for, unless told otherwise.</summary>
    public Func<string, bool> Serves { get; set; } = _ => true;

    /// <summary>The wait after a call that failed; it doubles up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause between two looks whether what was missing (a sandbox, a model) is there again.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often an outcome is offered to an owner that can not take it yet.</summary>
    public int DeliveryTries { get; set; } = 20;
}
