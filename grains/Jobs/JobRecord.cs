using System.Collections.Immutable;
using GenPrm.Core.Labels;

namespace GenPrm.Grains.Jobs;

/// <summary>What a job stores: small, whatever the number of its problems. A fold over what users ask and problems tell; time is an argument.</summary>
/// <remarks>A job goes over its problems in passes, a window at a time. The first pass does the work; a new labelling or a count that grew makes another one, in
/// which everything that is there already is only looked at.</remarks>
[GenerateSerializer, Immutable, Alias("genprm.job-record")]
public sealed record JobRecord
{
    /// <summary>What it was created from; null until then.</summary>
    [Id(0)] public JobRequest? Request { get; init; }

    [Id(1)] public JobState State { get; init; }

    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    [Id(3)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many problems were handed in.</summary>
    [Id(4)] public int Loaded { get; init; }

    /// <summary>The number of the current pass.</summary>
    [Id(5)] public int Pass { get; init; }

    /// <summary>The next problem of the pass.</summary>
    [Id(6)] public int Cursor { get; init; }

    /// <summary>The problems that are worked on.</summary>
    [Id(7)] public ImmutableSortedSet<int> InFlight { get; init; } = [];

    /// <summary>Problems that go before the pass: they failed and are tried again.</summary>
    [Id(8)] public ImmutableSortedSet<int> Again { get; init; } = [];

    [Id(9)] public ImmutableArray<Labelling> Labellings { get; init; } = [];

    private int Count => Request?.ProblemCount ?? 0;

    public JobRecord Create(JobRequest request, int checkerVersion, DateTimeOffset now) => this with
    {
        Request = request,
        State = JobState.Loading,
        CreatedAt = now,
        Labellings = [request.Spec.FirstLabelling(checkerVersion)],
    };

    /// <summary>Counts that grew: K makes a new labelling, since a labelling counts the first K completions and no others.</summary>
    public JobRecord Grow(JobRequest request, int checkerVersion)
    {
        ArgumentNullException.ThrowIfNull(request);
        var grown = NewPass() with { Request = Request! with { Spec = request.Spec, Window = request.Window } };
        var k = request.Spec.Parameters.Completions.K;
        return k == Request!.Spec.Parameters.Completions.K ? grown : grown.Label(request.Spec.FirstLabelling(checkerVersion));
    }

    /// <summary>Adds a labelling, with the next number, unless there is an equal one.</summary>
    public JobRecord Label(Labelling rule) =>
        Labellings.Any(rule.SameRule) ? this : this with { Labellings = Labellings.Add(rule with { Number = Labellings.Length + 1 }) };

    public JobRecord Load(int loaded) => this with { Loaded = Math.Max(Loaded, loaded) };

    /// <summary>Starts it, or goes on; a done job only if there is more to do than before.</summary>
    public JobRecord Run(DateTimeOffset now) => State is JobState.Loading or JobState.Paused || (State == JobState.Done && HasWork)
        ? (Fill() with { State = JobState.Running, EndedAt = null }).Close(now)
        : this;

    public JobRecord Pause() => State == JobState.Running ? this with { State = JobState.Paused } : this;

    public JobRecord Cancel(DateTimeOffset now) =>
        State is JobState.Loading or JobState.Running or JobState.Paused ? this with { State = JobState.Cancelled, EndedAt = now } : this;

    /// <summary>Goes over all problems once more.</summary>
    public JobRecord NewPass() => this with { Pass = Pass + 1, Cursor = 0 };

    /// <summary>Failed problems are tried again.</summary>
    public JobRecord TryAgain(IEnumerable<int> problems) => this with { Again = Again.Union(problems) };

    /// <summary>A problem has ended. One that the cursor has passed already, and that ended in an older pass, stays in the window.</summary>
    public JobRecord End(int problem, int pass, DateTimeOffset now)
    {
        if (!InFlight.Contains(problem) || (pass < Pass && problem < Cursor))
            return this;
        return (this with { InFlight = InFlight.Remove(problem) }).Fill().Close(now);
    }

    private JobRecord Close(DateTimeOffset now) => HasWork || State != JobState.Running ? this : this with { State = JobState.Done, EndedAt = now };

    private bool HasWork => InFlight.Count > 0 || Again.Count > 0 || Cursor < Count;

    /// <summary>Fills the window: first what is tried again, then the next problems of the pass.</summary>
    private JobRecord Fill()
    {
        var (inFlight, again, cursor) = (InFlight.ToBuilder(), Again.ToBuilder(), Cursor);
        while (inFlight.Count < Request!.Window && again.Count > 0)
        {
            inFlight.Add(again.Min);
            again.Remove(again.Min);
        }

        while (inFlight.Count < Request.Window && cursor < Count)
            inFlight.Add(cursor++);
        return this with { InFlight = inFlight.ToImmutable(), Again = again.ToImmutable(), Cursor = cursor };
    }
}
