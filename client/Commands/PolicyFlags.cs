using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Model.Chat;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary>The options that say who writes solutions, and of which problems: those of <c>best-of</c> and <c>refine</c>.</summary>
internal sealed class PolicyFlags
{
    private static readonly RolloutParameters Defaults = Profiles.Laptop.Rollouts;
    private readonly Argument<string> _problems = new("problems") { Description = "JSON Lines with `problem`; where there are, `answer`, and `solutions` to take instead of sampling", HelpName = "file" };
    private readonly Option<string?> _policy = new("--policy") { Description = "The model that writes solutions: a Hugging Face folder", HelpName = "folder" };
    private readonly Option<string?> _examples = new("--examples") { Description = "Worked examples as earlier turns: JSON Lines with `problem` and `solution`", HelpName = "file" };
    private readonly Option<double> _temperature = new("--policy-temperature") { Description = "Of the policy", DefaultValueFactory = _ => Defaults.Sampling.Temperature };
    private readonly Option<int> _maxTokens = new("--policy-max-tokens") { Description = "Of one solution", DefaultValueFactory = _ => Defaults.Sampling.MaxNewTokens };
    private readonly Option<int?> _limit = new("--limit") { Description = "Only the first N problems", HelpName = "N" };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Rows as JSON Lines; the same command goes on with them [default: in the store folder, by a hash of all settings]", HelpName = "file" };
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<bool> _json = CommonOptions.Json();

    public PolicyFlags(ExampleCommand command)
    {
        command.Arguments.Add(_problems);
        foreach (Option option in new Option[] { _policy, _examples, _temperature, _maxTokens, _limit, _out, _data, _json })
            command.Options.Add(option);
    }

    public PolicySetup Read(ParseResult parsed)
    {
        string? policy = parsed.GetValue(_policy);
        if (policy is not null)
            ModelFolder.Checked("--policy", policy);
        double temperature = JudgeFlags.Temperature(parsed.GetValue(_temperature), "--policy-temperature");
        string file = parsed.GetRequiredValue(_problems);
        string text = InputText.Read(file);
        ImmutableArray<PolicyProblem> problems = InputText.Parse(file, text, PolicyProblem.Read);
        if (parsed.GetValue(_limit) is { } most)
            problems = [.. problems.Take(JudgeFlags.AtLeastOne(most, "--limit"))];
        if (problems.IsEmpty)
            throw new CommandException($"{file} holds no problem.", ExitCodes.Usage);
        string? examples = parsed.GetValue(_examples);
        string? exampleText = examples is null ? null : InputText.Read(examples);
        return new PolicySetup
        {
            Folder = policy is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(policy)),
            Problems = problems,
            ProblemsDigest = InputText.Digest(text),
            Examples = exampleText is null ? [] : InputText.Parse(examples!, exampleText, all => WorkedExampleFile.Read(new StringReader(all))),
            ExamplesDigest = exampleText is null ? "none" : InputText.Digest(exampleText),
            Parameters = Defaults with { Sampling = Defaults.Sampling with { Temperature = temperature, MaxNewTokens = JudgeFlags.AtLeastOne(parsed.GetValue(_maxTokens), "--policy-max-tokens") } },
            Out = parsed.GetValue(_out),
            Store = CommonOptions.Folder(parsed.GetValue(_data)).Path,
            Json = parsed.GetValue(_json),
        };
    }
}

/// <summary>Who writes solutions of which problems, as the command line says it.</summary>
internal sealed record PolicySetup
{
    public required string? Folder { get; init; }

    public required ImmutableArray<PolicyProblem> Problems { get; init; }

    public required string ProblemsDigest { get; init; }

    public required ImmutableArray<WorkedExample> Examples { get; init; }

    public required string ExamplesDigest { get; init; }

    public required RolloutParameters Parameters { get; init; }

    public required string? Out { get; init; }

    public required string Store { get; init; }

    public required bool Json { get; init; }

    /// <summary>Adds what the rows depend on.</summary>
    public void AddSettings(SortedDictionary<string, string> settings)
    {
        settings["problems"] = ProblemsDigest;
        settings["--examples"] = ExamplesDigest;
        settings["--policy"] = Folder is null ? "none" : $"{Folder} ({ModelFingerprint.Of(Folder)})";
        settings["--policy-temperature"] = Parameters.Sampling.Temperature.ToString(CultureInfo.InvariantCulture);
        settings["--policy-max-tokens"] = Parameters.Sampling.MaxNewTokens.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The file of the rows.</summary>
    public string File(string command, SortedDictionary<string, string> settings) =>
        Out ?? Path.Combine(Store, "evaluations", $"{command}-{InputText.Digest(string.Join('\n', settings))}.jsonl");

    /// <summary>The policy in an open judge's generator; null where none was given.</summary>
    public Policy? In(OpenJudge judge) => Folder is null
        ? null
        : new(new PatientGenerator(judge.Generator, 3, TimeSpan.FromMilliseconds(500), TimeProvider.System), Folder, Parameters, Examples, ControlTags.Load(Folder));
}
