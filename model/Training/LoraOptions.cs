using System.Collections.Immutable;
using System.Globalization;

namespace GenPrm.Model.Training;

/// <summary>A low-rank adapter (LoRA): every weight of the model is frozen, and each target projection gets <c>scale · B · A</c> added.</summary>
public sealed record LoraOptions
{
    /// <summary>Every projection of a block.</summary>
    public static ImmutableArray<string> AllTargets { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>r, from 1.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The change is scaled by alpha / r.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Projections by the last part of their name.</summary>
    public ImmutableArray<string> Targets { get; init; } = AllTargets;

    public double Scale => Alpha / Rank;

    /// <exception cref="TrainingException">A value is out of range, or a target is unknown.</exception>
    public void Validate()
    {
        if (Rank < 1)
            throw new TrainingException($"--lora {Rank}: the rank must be at least 1");
        if (!double.IsFinite(Alpha) || Alpha <= 0)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture, $"--lora-alpha {Alpha}: must be greater than 0"));
        if (Targets.IsEmpty)
            throw new TrainingException($"--lora-targets names none; known are {string.Join(", ", AllTargets)}");
        if (Targets.FirstOrDefault(target => !AllTargets.Contains(target)) is { } unknown)
            throw new TrainingException($"--lora-targets {unknown}: is not known; known are {string.Join(", ", AllTargets)}");
    }
}
