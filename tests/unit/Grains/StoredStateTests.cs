using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace GenPrm.Tests.Unit.Grains;

/// <summary>Today's code reads yesterday's stored bytes: <c>tests/data/stored-states</c> holds what the first version wrote, as base64. Those files are never
/// written anew; a new version of a record adds a file beside them.</summary>
public sealed class StoredStateTests
{
    private static readonly OrleansGrainStorageSerializer Serializer =
        new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    private static readonly Problem Sum = new(17, "sum-1", "What is 3 + 4?", "7", 1);

    private static readonly RolloutLabels Labels = new(1, [new(1, new(1, 2), new(3, 4), ScoreSource.Completions, true), new(2, new(3, 4), new(1, 1), ScoreSource.OwnAnswer, true)]);

    private static readonly StateScore Score = StateScore.Empty with { Completions = [new(0, CompletionClass.Right, "7", 1, 12), new(1, CompletionClass.Cut, null, 1, 512)] };

    private static readonly Rollout Rollout = new(new(3, RolloutClass.Correct, "7", 1, 40), "Step 1: Add.\n\nStep 2: \\boxed{7}");

    [Fact]
    public void Job_WrittenByTheFirstVersion_IsRead() => AssertReads("job", new JobRecord
    {
        Request = new(new(new("policy", "completer", "judge"), Profiles.Laptop, [new("1 + 1?", "Step 1: \\boxed{2}")], "digest", ["<|im_end|>"]), 200, ClassCounts.Empty.Add("taken", 200), 8),
        State = JobState.Running,
        CreatedAt = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero),
        EndedAt = new(2026, 11, 23, 21, 0, 0, TimeSpan.Zero),
        Loaded = 200,
        Pass = 1,
        Cursor = 12,
        InFlight = [3, 11],
        Again = [5],
        Labellings = [new(1, Estimator.Ratio, 0.8m, StartEstimate.Policy, KTable.Paper, 1), new(2, Estimator.Difference, -0.3m, StartEstimate.Completer, KTable.Paper, 1)],
    });

    [Fact]
    public void Problem_WrittenByTheFirstVersion_IsRead() => AssertReads("problem", new ProblemProgress
    {
        Problem = Sum,
        Class = ProblemClass.Failed,
        Reason = "rollout r3: no sandbox",
        EndedPass = 1,
        Kept = [0, 3],
        Reports = ImmutableSortedDictionary<int, RolloutReport>.Empty.Add(3, Report()),
        Version = 9,
    });

    [Fact]
    public void Sampling_WrittenByTheFirstVersion_IsRead() =>
        AssertReads("sampling", new ProblemSampling { Facts = [Rollout.Fact], Held = [Rollout], PassAtOne = new Share(5, 16) });

    [Fact]
    public void Rollout_WrittenByTheFirstVersion_IsRead() => AssertReads("rollout", new RolloutState
    {
        Rollout = Rollout,
        Problem = Sum,
        PassAtOne = new(5, 16),
        EndedPass = 0,
        Labelled = ImmutableSortedDictionary<int, LabelledRollout>.Empty.Add(1, new(Labels, ImmutableSortedDictionary<int, SampleRecord>.Empty
            .Add(0, new(SampleClass.Accepted, null, 4)).Add(1, new(SampleClass.Disagreed, "first wrong paragraph: 2 by the judge, none by the labels", 0)))),
    });

    [Fact]
    public void Score_WrittenByTheFirstVersion_IsRead() => AssertReads("score", Score);

    [Fact]
    public void Rationale_WrittenByTheFirstVersion_IsRead() => AssertReads("rationale", new Rationale
    {
        Parts =
        [
            new(PartKind.Given, "### Paragraph 1\n"),
            new(PartKind.Written, "```python\nprint(7)\n```\n"),
            new(PartKind.Fed, CodeFeedback.Fence("7"), "print(7)\n", BlockClass.Completed, new SandboxOutcome.Completed("7\n", TimeSpan.FromMilliseconds(3))),
        ],
        Class = RationaleClass.Concluded,
        PendingCode = "print(8)",
        Tokens = 30,
        Continuations = 2,
        Index = -1,
        Reason = "made to conclude: cut",
    });

    [Fact]
    public void Page_WrittenByTheFirstVersion_IsRead() => AssertReads("page", new ProblemPage
    {
        Reports = ImmutableSortedDictionary<int, ProblemReport>.Empty.Add(17, new(
            17, "sum-1", 40, ProblemClass.Done, null, 5, ClassCounts.Empty.Add("correct", 5), ClassCounts.Empty.Add("done", 4), Report().Steps, Report().Rationales, Report().Samples, Report().Work)),
    });

    [Fact]
    public void Index_WrittenByTheFirstVersion_IsRead() => AssertReads("index", new JobIndex { Jobs = ["a", "b"] });

    [Fact]
    public void Sample_WrittenByTheFirstVersion_IsRead() => AssertReads("sample", new Sample(
        new("job", 1, 17, 3, 0), "sum-1", [SampleTurn.Untrained(ChatMessage.User("7?")), new(ChatMessage.Assistant("Yes"), [new TextSpan(0, 3)])], [true]));

    private static RolloutReport Report() => new(
        3, 7, 0, ClassCounts.Empty.Add("completions", 3), ClassCounts.Empty.Add("concluded"),
        ImmutableSortedDictionary<int, ClassCounts>.Empty.Add(1, ClassCounts.Empty.Add("accepted")), new(32, 640, 4));

    private static void AssertReads<T>(string name, T expected)
    {
        var file = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "stored-states", $"{name}.v1.txt");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("GENPRM_RECORD_STATES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, Convert.ToBase64String(Serializer.Serialize(expected).ToArray(), Base64FormattingOptions.InsertLineBreaks) + "\n");
        }

        var stored = Serializer.Deserialize<T>(new BinaryData(Convert.FromBase64String(File.ReadAllText(file))));
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(stored));
    }
}
