using System.Globalization;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;

namespace GenPrm.Trainer.Runs;

/// <summary>How a run trains. Defaults are the paper's where it says (section 7): batch 64, learning rate 2e-6.</summary>
public sealed record TrainingOptions
{
    /// <summary>The model folder that training begins with.</summary>
    public required string Model { get; init; }

    /// <summary>Where checkpoints, metrics and plot go.</summary>
    public required string Out { get; init; }

    public Objective Objective { get; init; }

    /// <summary>Null to train every weight.</summary>
    public LoraOptions? Lora { get; init; }

    public AdamWOptions Optimizer { get; init; } = new();

    public double LearningRate { get; init; } = 2e-6;

    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    public int WarmupSteps { get; init; } = 10;

    public int Epochs { get; init; } = 1;

    /// <summary>Optimizer steps; null for all of the epochs.</summary>
    public long? Steps { get; init; }

    /// <summary>Samples an optimizer step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Tokens; longer samples are left out and counted.</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>Tokens that go through the model together: what memory is needed for.</summary>
    public int MicroBatchTokens { get; init; } = 4096;

    public bool ActivationCheckpointing { get; init; }

    public ulong Seed { get; init; } = 1;

    public int WindowSize { get; init; } = 256;

    /// <summary>Share of problems held out for evaluation.</summary>
    public double HeldOutShare { get; init; } = 0.02;

    /// <summary>The most held-out samples that are evaluated.</summary>
    public int HeldOutSamples { get; init; } = 64;

    /// <summary>Steps between evaluations; one is made at the end too.</summary>
    public int EvaluateEvery { get; init; } = 50;

    /// <summary>Steps between checkpoints; one is made at the end too.</summary>
    public int SaveEvery { get; init; } = 50;

    /// <summary>The longest time of training without a checkpoint, to the end of a step: what a kill may cost.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Checkpoints that are kept, at least 1.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>Threads of a matrix product; 0 for a number by the model's size.</summary>
    public int Threads { get; init; }

    public string Device { get; init; } = "auto";

    public string Dtype { get; init; } = "auto";

    /// <exception cref="TrainingException">A value is out of range: which, its value, and what is possible.</exception>
    public void Validate()
    {
        Check(double.IsFinite(LearningRate) && LearningRate > 0, "--lr", LearningRate, "greater than 0");
        Check(WarmupSteps >= 0, "--warmup", WarmupSteps, "at least 0");
        Check(Epochs >= 1, "--epochs", Epochs, "at least 1");
        Check(Steps is null or >= 1, "--steps", Steps ?? 0, "at least 1");
        Check(BatchSize >= 1, "--batch", BatchSize, "at least 1");
        Check(MaxLength >= 2, "--max-length", MaxLength, "at least 2");
        Check(MicroBatchTokens >= 1, "--micro-tokens", MicroBatchTokens, "at least 1");
        Check(WindowSize >= 1, "--window", WindowSize, "at least 1");
        Check(HeldOutShare is >= 0 and < 1, "--held-out", HeldOutShare, "from 0 to below 1");
        Check(EvaluateEvery >= 1, "--evaluate-every", EvaluateEvery, "at least 1");
        Check(SaveEvery >= 1, "--save-every", SaveEvery, "at least 1");
        Check(SaveInterval > TimeSpan.Zero, "--save-minutes", SaveInterval.TotalMinutes, "at least 1");
        Check(Threads >= 0, "--threads", Threads, "at least 1, or 0 for a number by the model's size");
        Check(Keep >= 1, "--keep", Keep, "at least 1");
        Check(Optimizer.WeightDecay >= 0, "--weight-decay", Optimizer.WeightDecay, "at least 0");
        Check(Optimizer.MaxGradientNorm >= 0, "--max-grad-norm", Optimizer.MaxGradientNorm, "at least 0 (0 for no clipping)");
        if (Lora is not null && Objective == Objective.Scalar)
            throw new TrainingException("--lora trains adapters alone, and --objective scalar a value head: train it without --lora");
        Lora?.Validate();
        if (Dtype is not ("auto" or "bf16" or "f32"))
            throw new TrainingException($"--dtype {Dtype}: must be bf16, f32 or auto");
    }

    /// <summary>Everything that the loss curve depends on, by the option's name: a run goes on only with the same.</summary>
    public IReadOnlyDictionary<string, string> Curve() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["--model"] = Path.GetFullPath(Model),
        ["--objective"] = Text(Objective),
        ["--lora"] = Lora is null ? "none" : Text($"rank {Lora.Rank}, alpha {Lora.Alpha}, {string.Join(' ', Lora.Targets)}"),
        ["--lr"] = Text(LearningRate),
        ["--schedule"] = Text(Schedule),
        ["--warmup"] = Text(WarmupSteps),
        ["--epochs"] = Text(Schedule == ScheduleKind.Cosine ? Epochs : 0),
        ["--steps"] = Text(Schedule == ScheduleKind.Cosine ? Steps ?? 0 : 0),
        ["--batch"] = Text(BatchSize),
        ["--max-length"] = Text(MaxLength),
        ["--seed"] = Text(Seed),
        ["--window"] = Text(WindowSize),
        ["--held-out"] = Text(HeldOutShare),
        ["--dtype"] = Dtype,
        ["--weight-decay"] = Text(Optimizer.WeightDecay),
        ["--max-grad-norm"] = Text(Optimizer.MaxGradientNorm),
        ["betas and epsilon"] = Text($"{Optimizer.Beta1} {Optimizer.Beta2} {Optimizer.Epsilon}"),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Check(bool fine, string option, IFormattable value, string wanted)
    {
        if (!fine)
            throw new TrainingException($"{option} {Text(value)}: must be {wanted}");
    }
}
