using System.Collections.Immutable;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Models;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Runs;

/// <summary>Every number of <c>genprm lab</c>: what is asked, and how finely.</summary>
public sealed record LabPlan
{
    /// <summary>Policy, teacher, job and judges.</summary>
    public required LabRecipe Recipe { get; init; }

    /// <summary>Questions 1 and 2: the rules, beside the default one, whose accepted critiques a judge is trained on.</summary>
    public required ImmutableArray<LabelRule> Judged { get; init; }

    /// <summary>Paths a solution, where votes are not the question.</summary>
    public required int Paths { get; init; }

    /// <summary>Questions 3 and 7: the most paths that vote.</summary>
    public int Votes { get; init; } = 8;

    /// <summary>Question 4: sums that a small model is bad at in its head, few a problem.</summary>
    public LabWorld HardWorld { get; init; } = new() { Digits = 2, MinOperations = 2, MaxOperations = 3 };

    /// <summary>Question 4: how long the teacher learns to judge them, in every mode.</summary>
    public required Course Modes { get; init; }

    /// <summary>Question 4: the share of analyses in its lessons that go wrong, where code follows that puts them right.</summary>
    public double Mistaken { get; init; } = 0.3;

    /// <summary>Question 4: each solution kind's number.</summary>
    public required int ModesEach { get; init; }

    /// <summary>Question 5: how long the policy learns to rewrite.</summary>
    public required Course Rewriting { get; init; }

    /// <summary>Question 5: problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Question 5: solutions a problem.</summary>
    public int Candidates { get; init; } = 8;

    /// <summary>Question 5: rewrites.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Question 6: the shares of the accepted samples beside all of them.</summary>
    public required ImmutableArray<double> Shares { get; init; }

    /// <summary>Question 7: how long direct and scalar judges learn, whose forms the teacher does not know.</summary>
    public required Course Baselines { get; init; }

    /// <summary>Question 7: the smaller judge.</summary>
    public LabModel Small { get; init; } = new() { Hidden = 64, Layers = 2, FeedForward = 176 };

    /// <summary>Question 7: how long the smaller one learns to solve.</summary>
    public required Course SmallPolicy { get; init; }

    /// <summary>Question 7: how long the smaller one learns to judge.</summary>
    public required Course SmallTeacher { get; init; }

    /// <summary>About how long a seed takes where the policy is trained at <see cref="UsualPace"/>.</summary>
    public required TimeSpan Seed { get; init; }

    /// <summary>Tokens a second, of the policy's first hundred steps: two cores without a GPU and without AVX-512.</summary>
    public const double UsualPace = 13_600;

    /// <summary>What <c>genprm lab</c> runs.</summary>
    public static LabPlan Full { get; } = new()
    {
        Recipe = LabRecipe.Demo with
        {
            Policy = new(1400, 32, 3e-3),
            Teacher = new(1000, 32, 2e-3),
            Judge = new(160, 32, 1e-3),
            Problems = 150,
            K = 32,
            Rationales = 6,
            EvaluatedEach = 250,
        },
        Judged = LabelRule.All.Remove(LabelRule.Default),
        Paths = 4,
        Modes = new(2400, 32, 2e-3),
        ModesEach = 250,
        Rewriting = new(400, 32, 1e-3),
        Problems = 200,
        Shares = [1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2],
        Baselines = new(600, 32, 1e-3),
        SmallPolicy = new(1400, 32, 3e-3),
        SmallTeacher = new(1000, 32, 2e-3),
        Seed = TimeSpan.FromMinutes(110),
    };

    /// <summary>What <c>genprm lab --quick</c> runs.</summary>
    public static LabPlan Quick { get; } = Full with
    {
        Recipe = LabRecipe.Demo with { Judge = new(70, 32, 1e-3), Problems = 50, EvaluatedEach = 50 },
        Judged = [LabelRule.Hard],
        Paths = 2,
        Modes = new(1000, 16, 2e-3),
        ModesEach = 50,
        Rewriting = new(200, 32, 1e-3),
        Problems = 50,
        Shares = [1.0 / 16],
        Baselines = new(140, 32, 1e-3),
        SmallPolicy = new(800, 32, 3e-3),
        SmallTeacher = new(400, 32, 2e-3),
        Seed = TimeSpan.FromMinutes(19),
    };

    /// <summary>Question 4's modes, in the order of the paper's table 5.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ImmutableArray<(string Name, JudgeOptions Judging)> JudgingModes =>
    [
        ("analysis alone", Recipe.Judging with { Verify = false }),
        ("code alone, not run", Recipe.Judging with { Analyze = false, Execute = false }),
        ("code alone, run", Recipe.Judging with { Analyze = false }),
        ("analysis and code, not run", Recipe.Judging with { Execute = false }),
        ("analysis and code, run", Recipe.Judging),
    ];
}
