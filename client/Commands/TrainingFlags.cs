using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Commands;

/// <summary>The options of <c>genprm train</c> and what they mean for a run.</summary>
internal sealed class TrainingFlags
{
    private readonly TrainingOptions _defaults;
    private readonly Option<string> _model = new("--model", "-m") { Description = "The Hugging Face folder that training begins with", Required = true, HelpName = "folder" };
    private readonly Option<string> _out = new("--out", "-o") { Description = "Where checkpoints, metrics and plot go", Required = true, HelpName = "folder" };
    private readonly Option<Objective> _objective;
    private readonly Option<int?> _lora = new("--lora") { Description = "Train an adapter of this rank, at most the model's hidden size, and no other weight", HelpName = "rank" };
    private readonly Option<double?> _alpha = new("--lora-alpha") { Description = "The adapter's scale is alpha / rank [default: 2 x rank]", HelpName = "number" };
    private readonly Option<string[]> _targets = new("--lora-targets") { Description = "Adapted projections [default: all seven]", HelpName = "names", AllowMultipleArgumentsPerToken = true };
    private readonly Option<double> _rate;
    private readonly Option<ScheduleKind> _schedule;
    private readonly Option<int> _warmup;
    private readonly Option<int> _epochs;
    private readonly Option<long?> _steps = new("--steps") { Description = "Optimizer steps, as far as --epochs go [default: all of them]", HelpName = "number" };
    private readonly Option<int> _batch;
    private readonly Option<int> _maxLength;
    private readonly Option<int> _microTokens;
    private readonly Option<bool> _recompute = new("--checkpoint-activations") { Description = "Compute activations again on the way back: a third more work, a fraction of the memory" };
    private readonly Option<double> _decay;
    private readonly Option<double> _maxNorm;
    private readonly Option<ulong> _seed;
    private readonly Option<int> _window;
    private readonly Option<double> _heldOut;
    private readonly Option<int> _evaluateEvery;
    private readonly Option<int> _saveEvery;
    private readonly Option<int> _saveMinutes;
    private readonly Option<int> _keep;
    private readonly Option<int> _threads = new("--threads") { Description = "Threads of a matrix product [default: all, fewer for tiny models]", HelpName = "number" };
    private readonly Option<string> _device;
    private readonly Option<string> _dtype;

    public TrainingFlags(ExampleCommand command, TrainingOptions defaults)
    {
        _defaults = defaults;
        _objective = With("--objective", "critique (the whole rationale), direct (the judgement alone) or scalar (a value head)", defaults.Objective);
        _rate = With("--lr", "Learning rate after warm-up", defaults.LearningRate);
        _schedule = With("--schedule", "cosine or constant, after warm-up", defaults.Schedule);
        _warmup = With("--warmup", "Steps of linear warm-up", defaults.WarmupSteps);
        _epochs = With("--epochs", "Passes over the samples", defaults.Epochs);
        _batch = With("--batch", "Samples an optimizer step", defaults.BatchSize);
        _maxLength = With("--max-length", "Longer samples, in tokens, are left out and counted", defaults.MaxLength);
        _microTokens = With("--micro-tokens", "Tokens that go through the model together; memory grows with it", defaults.MicroBatchTokens);
        _decay = With("--weight-decay", "Taken off every trained tensor", defaults.Optimizer.WeightDecay);
        _maxNorm = With("--max-grad-norm", "Gradients are clipped to this norm; 0 for never", defaults.Optimizer.MaxGradientNorm);
        _seed = With("--seed", "Of the samples' order and of new weights", defaults.Seed);
        _window = With("--window", "Samples that are shuffled among each other", defaults.WindowSize);
        _heldOut = With("--held-out", "Share of problems that are evaluated and never trained", defaults.HeldOutShare);
        _evaluateEvery = With("--evaluate-every", "Steps between evaluations", defaults.EvaluateEvery);
        _saveEvery = With("--save-every", "Steps between checkpoints", defaults.SaveEvery);
        _saveMinutes = With("--save-minutes", "The longest time between checkpoints, in minutes", (int)defaults.SaveInterval.TotalMinutes);
        _keep = With("--keep", "Checkpoints that are kept", defaults.Keep);
        _device = With("--device", "auto, cpu or cuda:N", defaults.Device);
        _dtype = With("--dtype", $"bf16 or f32: what is computed in, and what checkpoints are written in ({DeviceOptions.AutoDtype}); masters are f32, and a run goes on from them", defaults.Dtype);
        foreach (Option option in new Option[]
        {
            _model, _out, _objective, _lora, _alpha, _targets, _rate, _schedule, _warmup, _epochs, _steps, _batch, _maxLength, _microTokens, _recompute, _decay, _maxNorm,
            _seed, _window, _heldOut, _evaluateEvery, _saveEvery, _saveMinutes, _keep, _threads, _device, _dtype, Json,
        })
            command.Options.Add(option);
    }

    /// <summary>Print events as JSON lines.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print a JSON object a line (snake_case) for programs" };

    /// <summary>What the command line says.</summary>
    /// <exception cref="CommandException">An option that has no effect was given.</exception>
    public TrainingOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(_lora) is null && (parsed.GetValue(_alpha) is not null || parsed.GetValue(_targets) is { Length: > 0 }))
            throw new CommandException("--lora-alpha and --lora-targets are of an adapter: give its rank with --lora, or leave them out.", ExitCodes.Usage);
        return Options(parsed);
    }

    private TrainingOptions Options(ParseResult parsed) => _defaults with
    {
        Model = ModelFolder.Checked("--model", parsed.GetRequiredValue(_model)),
        Out = parsed.GetRequiredValue(_out),
        Objective = parsed.GetValue(_objective),
        Lora = parsed.GetValue(_lora) is { } rank
            ? new()
            {
                Rank = rank,
                Alpha = parsed.GetValue(_alpha) ?? 2.0 * rank,
                Targets = parsed.GetValue(_targets) is { Length: > 0 } targets ? [.. targets] : LoraOptions.AllTargets,
            }
            : null,
        Optimizer = _defaults.Optimizer with { WeightDecay = parsed.GetValue(_decay), MaxGradientNorm = parsed.GetValue(_maxNorm) },
        LearningRate = parsed.GetValue(_rate),
        Schedule = parsed.GetValue(_schedule),
        WarmupSteps = parsed.GetValue(_warmup),
        Epochs = parsed.GetValue(_epochs),
        Steps = parsed.GetValue(_steps),
        BatchSize = parsed.GetValue(_batch),
        MaxLength = parsed.GetValue(_maxLength),
        MicroBatchTokens = parsed.GetValue(_microTokens),
        ActivationCheckpointing = parsed.GetValue(_recompute),
        Seed = parsed.GetValue(_seed),
        WindowSize = parsed.GetValue(_window),
        HeldOutShare = parsed.GetValue(_heldOut),
        EvaluateEvery = parsed.GetValue(_evaluateEvery),
        SaveEvery = parsed.GetValue(_saveEvery),
        SaveInterval = TimeSpan.FromMinutes(parsed.GetValue(_saveMinutes)),
        Keep = parsed.GetValue(_keep),
        Threads = parsed.GetValue(_threads),
        Device = parsed.GetValue(_device)!,
        Dtype = parsed.GetValue(_dtype)!,
    };

    private static Option<T> With<T>(string name, string description, T otherwise) => new(name) { Description = description, DefaultValueFactory = _ => otherwise };
}
