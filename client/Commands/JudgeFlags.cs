using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Doctor;
using GenPrm.Core.Generation;
using GenPrm.Core.Scoring;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using GenPrm.Sandbox;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Client.Commands;

/// <summary>The options that say who judges and how: those of <c>judge</c>, <c>eval</c>, <c>best-of</c> and <c>refine</c>.</summary>
internal sealed class JudgeFlags
{
    private static readonly JudgeOptions Defaults = new();
    private static readonly string[] Modes = ["both", "analysis", "code", "direct"];
    private readonly Option<string> _model = new("--model") { Description = "The process reward model: a Hugging Face folder", Required = true, HelpName = "folder" };
    private readonly Option<int> _paths = new("--paths") { Description = "Independent judgements a solution, whose average counts", HelpName = "N" };
    private readonly Option<string?> _mode = new("--mode") { Description = "What is written before the judgement: both, analysis, code, or direct for nothing [default: what the model was trained for, else both]", HelpName = "mode" };
    private readonly Option<bool> _noExecute = new("--no-execute") { Description = "Do not run code; the model makes its output up" };
    private readonly Option<PromptStyle> _style = With("--prompt-style", "The first turn: evaluation, or demo (Question: ...)", Defaults.Style);
    private readonly Option<string> _turn = With("--turn", "How the turn to be written is opened: tagged, untagged (the released GenPRM weights), or auto", "auto");
    private readonly Option<double> _temperature = With("--temperature", "0 takes the most probable token", Defaults.Sampling.Temperature);
    private readonly Option<double> _topP = With("--top-p", "Share of probability that is drawn from", Defaults.Sampling.TopP);
    private readonly Option<int> _topK = With("--top-k", "Most probable tokens that are drawn from; 0 for all", Defaults.Sampling.TopK);
    private readonly Option<int> _maxTokens = With("--max-tokens", "Tokens of a step's analysis, and again of all that follows it", Defaults.Sampling.MaxNewTokens);
    private readonly Option<int> _maxRounds = With("--max-rounds", "Times a step is gone on with behind its analysis before its output is forced", Defaults.MaxGenerations);
    private readonly Option<ulong> _seed = With("--seed", "All random streams come from it", 1UL);
    private readonly Option<int> _atOnce = With("--at-once", "Paths that are worked on at once", 64);
    private readonly Option<int> _memory = With("--kv-mib", "Memory for keys and values of each model, in MiB", 1024);
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly DeviceOptions _devices;

    public JudgeFlags(ExampleCommand command, int paths)
    {
        _paths.DefaultValueFactory = _ => paths;
        _mode.AcceptOnlyFromAmong(Modes);
        _turn.AcceptOnlyFromAmong("auto", "tagged", "untagged");
        foreach (Option option in new Option[] { _model, _paths, _mode, _noExecute, _style, _turn, _temperature, _topP, _topK, _maxTokens, _maxRounds, _seed, _atOnce, _memory, _yes })
            command.Options.Add(option);
        _devices = new DeviceOptions(command);
    }

    /// <summary>What the flags say, the model's folder looked over, nothing loaded.</summary>
    /// <exception cref="CommandException">A value is out of its range.</exception>
    public JudgeSetup Read(ParseResult parsed)
    {
        var model = JudgeModel.Inspect(ModelFolder.Checked("--model", parsed.GetRequiredValue(_model)));
        bool scalar = model.Objective == Objective.Scalar;
        if (scalar && parsed.GetValue(_mode) is { } given)
            throw new CommandException($"--mode {given}: {model.Folder} has a value head and writes nothing before its judgement. Leave --mode out.", ExitCodes.Usage);
        string mode = parsed.GetValue(_mode) ?? model.Objective switch { Objective.Direct => "direct", Objective.Scalar => "scalar", _ => "both" };
        GenerateSettings device = _devices.Read(parsed).Resolved();
        var judge = new JudgeOptions
        {
            Analyze = mode is "both" or "analysis",
            Verify = mode is "both" or "code",
            Execute = mode is "both" or "code" && !parsed.GetValue(_noExecute),
            Style = parsed.GetValue(_style),
            MaxGenerations = AtLeastOne(parsed.GetValue(_maxRounds), "--max-rounds"),
            Sampling = new Sampling
            {
                Temperature = Temperature(parsed.GetValue(_temperature), "--temperature"),
                TopP = parsed.GetValue(_topP) is > 0 and <= 1 and var share ? share : throw Range("--top-p", parsed.GetValue(_topP), "above 0 and at most 1"),
                TopK = parsed.GetValue(_topK) is >= 0 and var count ? count : throw Range("--top-k", parsed.GetValue(_topK), "0 or more"),
                MaxNewTokens = AtLeastOne(parsed.GetValue(_maxTokens), "--max-tokens"),
            },
        };
        return new JudgeSetup
        {
            Model = model with { UntaggedTurn = parsed.GetValue(_turn) switch { "tagged" => false, "untagged" => true, _ => model.UntaggedTurn } },
            TurnWasGiven = parsed.GetValue(_turn) != "auto",
            Mode = mode,
            Judge = judge,
            // All paths of a value head would be the same.
            Paths = AtLeastOne(parsed.GetValue(_paths), "--paths") is var paths && scalar ? 1 : paths,
            Seed = parsed.GetValue(_seed),
            AtOnce = AtLeastOne(parsed.GetValue(_atOnce), "--at-once"),
            Engine = new EngineOptions { Device = device.Device, Dtype = device.Dtype, KeyValueBytes = (long)AtLeastOne(parsed.GetValue(_memory), "--kv-mib") << 20 },
            Yes = parsed.GetValue(_yes),
        };
    }

    public static int AtLeastOne(int value, string option) => value >= 1 ? value : throw Range(option, value, "1 or more");

    public static double Temperature(double value, string option) => Sampling.IsTemperature(value) ? value : throw Range(option, value, "0, or from 0.0001 to 100");

    private static CommandException Range(string option, IFormattable value, string range) =>
        new($"{option} is {value.ToString(null, CultureInfo.InvariantCulture)}; it must be {range}.", ExitCodes.Usage);

    private static Option<T> With<T>(string name, string description, T otherwise) => new(name) { Description = description, DefaultValueFactory = _ => otherwise };
}

/// <summary>Who judges and how, as the command line says it.</summary>
internal sealed record JudgeSetup
{
    public required JudgeModel Model { get; init; }

    public required bool TurnWasGiven { get; init; }

    public required string Mode { get; init; }

    public required JudgeOptions Judge { get; init; }

    public required int Paths { get; init; }

    public required ulong Seed { get; init; }

    public required int AtOnce { get; init; }

    public required EngineOptions Engine { get; init; }

    public required bool Yes { get; init; }

    /// <summary>Everything that a judgement depends on, by the option's name.</summary>
    public SortedDictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["--model"] = $"{Model.Folder} ({Model.Fingerprint()})",
        ["--paths"] = Text(Paths),
        ["--mode"] = Mode,
        ["--no-execute"] = Judge.Execute ? "false" : "true",
        ["--prompt-style"] = Judge.Style.ToString().ToLowerInvariant(),
        ["--turn"] = Model.UntaggedTurn ? "untagged" : "tagged",
        ["--temperature"] = Text(Judge.Sampling.Temperature),
        ["--top-p"] = Text(Judge.Sampling.TopP),
        ["--top-k"] = Text(Judge.Sampling.TopK),
        ["--max-tokens"] = Text(Judge.Sampling.MaxNewTokens),
        ["--max-rounds"] = Text(Judge.MaxGenerations),
        ["--seed"] = Text(Seed),
        ["--dtype"] = Engine.Dtype,
    };

    /// <summary>Loads the model, and another one beside it, and sets the sandbox up if code is to run.</summary>
    /// <param name="policy">The folder of another model, or null.</param>
    /// <param name="say">Told what is done.</param>
    public async Task<OpenJudge> OpenAsync(string? policy, Action<string> say, CancellationToken cancellation)
    {
        if (Model.Objective == Objective.Scalar)
            return await OpenScalarAsync(policy, say, cancellation);
        string how = Judge.IsDirect ? "the judgement alone" : Judge is { Verify: true, Execute: false } ? $"{Mode}, code not run" : Mode;
        say($"{Model.Folder}: {how}; {Paths} {(Paths == 1 ? "path" : "paths")}; turns {(Model.UntaggedTurn ? "untagged" : "tagged")} ({(TurnWasGiven ? "--turn" : Model.Why)})");
        bool runs = Judge is { Verify: true, Execute: true };
        var sandboxOptions = new SandboxOptions();
        if (runs)
            await MachineSetup.EnsureSandboxAsync(Yes, say, cancellation);
        var folders = new Dictionary<string, string>(StringComparer.Ordinal) { [Model.Folder] = Model.Folder };
        if (policy is not null)
            folders[policy] = policy;
        var generator = new LocalGenerator(folders, Engine);
        DockerSandbox? sandbox = runs ? new DockerSandbox(sandboxOptions, TimeProvider.System, NullLogger<DockerSandbox>.Instance) : null;
        var verifier = new Verifier(
            generator,
            sandbox,
            new() { Model = Model.Folder, Judge = Judge, UntaggedTurn = Model.UntaggedTurn, ControlTokens = Model.ControlTokens, PathsAtOnce = AtOnce, Interpreters = sandboxOptions.Containers },
            TimeProvider.System);
        var open = new OpenJudge(verifier, () => verifier.Work, generator, [verifier, .. sandbox is null ? Array.Empty<IAsyncDisposable>() : [sandbox], generator]);
        try
        {
            foreach (string folder in folders.Keys)
                await LoadAsync(generator, folder, say, cancellation);
            return open;
        }
        catch (Exception error)
        {
            await open.DisposeAsync();
            // An engine says so of a device or number type that is not there.
            if (error is ArgumentException)
                throw new CommandException(error.Message, ExitCodes.Usage);
            throw;
        }
    }

    /// <summary>A value head reads all steps in one pass and writes nothing: no sandbox, and an engine for the policy alone.</summary>
    private async Task<OpenJudge> OpenScalarAsync(string? policy, Action<string> say, CancellationToken cancellation)
    {
        say($"{Model.Folder}: a value head; one pass a solution, without sampling and without code ({Model.Why})");
        var generator = new LocalGenerator(policy is null ? new Dictionary<string, string>() : new() { [policy] = policy }, Engine);
        try
        {
            if (policy is not null)
                await LoadAsync(generator, policy, say, cancellation);
            say($"Loading {Model.Folder} ...");
            ScalarScorer scorer = await Task.Run(() => ScalarScorer.Load(Model.Folder, TorchTarget.Parse(Engine.Device, Engine.Dtype), TimeProvider.System), cancellation);
            return new OpenJudge(scorer, () => scorer.Work, generator, [scorer, generator]);
        }
        catch (Exception error)
        {
            await generator.DisposeAsync();
            if (error is ArgumentException)
                throw new CommandException(error.Message, ExitCodes.Usage);
            throw;
        }
    }

    private static async Task LoadAsync(LocalGenerator generator, string folder, Action<string> say, CancellationToken cancellation)
    {
        say($"Loading {folder} ...");
        await generator.DescribeAsync(folder, cancellation);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A judge that is ready.</summary>
/// <param name="Scorer">Scores solutions.</param>
/// <param name="Work">What it has done so far.</param>
/// <param name="Generator">Runs the models.</param>
/// <param name="Owned">What ends with it, in this order.</param>
internal sealed record OpenJudge(IStepScorer Scorer, Func<VerifierWork> Work, LocalGenerator Generator, ImmutableArray<IAsyncDisposable> Owned) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in Owned)
            await one.DisposeAsync();
    }
}
