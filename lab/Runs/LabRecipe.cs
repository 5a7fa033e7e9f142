using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Jobs;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Models;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Runs;

/// <summary>How long a model learns.</summary>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="Batch">Samples a step.</param>
/// <param name="Rate">The learning rate after warm-up; it falls by a cosine.</param>
public sealed record Course(int Steps, int Batch, double Rate)
{
    /// <summary>How many lessons a share of it is.</summary>
    public long Lessons(double share) => (long)(share * Steps * Batch);

    /// <summary>Its length in words.</summary>
    internal string InWords() => string.Create(CultureInfo.InvariantCulture, $"{Steps} steps of {Batch}");
}

/// <summary>Every number of a lab run.</summary>
public sealed record LabRecipe
{
    public LabWorld World { get; init; } = new();

    public LabModel Model { get; init; } = new();

    /// <summary>In the policy's lessons.</summary>
    public SlipShares PolicySlips { get; init; } = new(0.25, 0.25);

    /// <summary>The share of the policy's lessons in which nothing slips; they come first.</summary>
    public double CleanPolicy { get; init; } = 0.5;

    /// <summary>The share of the teacher's lessons that come first: of erratic solutions, every step of them judged, without a fault.</summary>
    public double CleanTeacher { get; init; } = 0.5;

    /// <summary>The share of wrong results in erratic solutions.</summary>
    public double Erratic { get; init; } = 0.5;

    /// <summary>In the teacher's other lessons.</summary>
    public SlipShares TeacherSlips { get; init; } = new(0.5, 0.25);

    /// <summary>The share of critiques with one fault in the teacher's other lessons.</summary>
    public double Faults { get; init; } = 0.45;

    public required Course Policy { get; init; }

    /// <summary>Begins with the policy's weights.</summary>
    public required Course Teacher { get; init; }

    /// <summary>Begins with the teacher's weights.</summary>
    public required Course Judge { get; init; }

    /// <summary>The job's problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Rollouts kept a problem.</summary>
    public int Kept { get; init; } = 4;

    /// <summary>Completions a step.</summary>
    public int K { get; init; } = 32;

    /// <summary>Critiques a kept rollout.</summary>
    public int Rationales { get; init; } = 6;

    /// <summary>Fresh solutions of each kind, with a wrong step and without, that judges are scored on.</summary>
    public required int EvaluatedEach { get; init; }

    /// <summary>Paths a solution in evaluations.</summary>
    public int Paths { get; init; } = 8;

    /// <summary>What <c>genprm demo</c> runs.</summary>
    public static LabRecipe Demo { get; } = new()
    {
        Policy = new(1200, 32, 3e-3),
        Teacher = new(800, 32, 2e-3),
        Judge = new(100, 32, 1e-3),
        Problems = 60,
        K = 24,
        Rationales = 5,
        EvaluatedEach = 60,
        Paths = 4,
    };

    /// <summary>What <c>genprm demo --quick</c> runs: the whole road in a smaller world. In shorter lessons a teacher learns to read from half as many of them a step.</summary>
    public static LabRecipe Quick { get; } = Demo with
    {
        World = new() { MinOperations = 2, MaxOperations = 4 },
        CleanPolicy = 0.6,
        CleanTeacher = 0.6,
        Policy = new(1000, 32, 3e-3),
        Teacher = new(850, 16, 2e-3),
        Judge = new(90, 32, 1e-3),
        Problems = 40,
        EvaluatedEach = 40,
        Paths = 2,
    };

    /// <summary>What a demo puts in a job file under <c>parameters</c>: small limits, and every draw at temperature 1, where a model is as it was taught.</summary>
    public ImmutableArray<KeyValuePair<string, string>> JobParameters(ulong seed) =>
    [
        new("seed", Say(seed)),
        new("rollouts.temperature", "1"), new("rollouts.max_new_tokens", "128"), new("rollouts.first_round", "16"), new("rollouts.round", "16"),
        new("rollouts.max", "64"), new("rollouts.kept", Say(Kept)),
        new("completions.temperature", "1"), new("completions.max_new_tokens", "128"), new("completions.k", $"{K}/{K}/{K}"), new("completions.score_start", "false"),
        new("rationales.temperature", "1"), new("rationales.top_p", "1"), new("rationales.top_k", "0"), new("rationales.max_new_tokens", "500"),
        new("rationales.max_blocks", "12"), new("rationales.per_rollout", Say(Rationales)),
    ];

    /// <summary>How a job samples the policy.</summary>
    public RolloutParameters Sampling { get; } = new() { Sampling = new() { Temperature = 1, MaxNewTokens = 128 } };

    /// <summary>How evaluations sample a judge: as it was taught, before and after alike.</summary>
    public JudgeOptions Judging { get; init; } = new() { Sampling = new() { Temperature = 1, TopP = 1, TopK = 0, MaxNewTokens = 64 } };

    private static string Say(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
