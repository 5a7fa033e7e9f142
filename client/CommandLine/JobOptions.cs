using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GenPrm.Client.Jobs;

namespace GenPrm.Client.CommandLine;

/// <summary>The options of <c>genprm run</c> that describe a job.</summary>
public sealed class JobOptions
{
    private readonly Option<string?> _name = new("--name") { Description = "The job's id [default: a hash of problems, models and parameters]" };
    private readonly Option<string?> _problems = new("--problems") { Description = "JSON Lines with `problem` and `answer`", HelpName = "file" };
    private readonly Option<int?> _limit = new("--limit") { Description = "Take only the first N problems", HelpName = "N" };
    private readonly Option<string?> _examples = new("--examples") { Description = "Worked examples as earlier turns: JSON Lines with `problem` and `solution`", HelpName = "file" };
    private readonly Option<string?> _policy = new("--policy") { Description = "The model that writes solutions: a Hugging Face folder", HelpName = "model" };
    private readonly Option<string?> _completer = new("--completer") { Description = "The model that finishes partial solutions [default: the policy]", HelpName = "model" };
    private readonly Option<string?> _judge = new("--judge") { Description = "The model that writes critiques", HelpName = "model" };
    private readonly Option<string?> _profile = new("--profile") { Description = "The parameter set to start from: laptop, paper, reference-code [default: laptop]", HelpName = "name" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "The job's seed [default: 1]", HelpName = "N" };
    private readonly Option<string[]> _set = new("--set") { Description = "Any parameter, for example --set rollouts.temperature=0.9 (`genprm parameters` lists them)", HelpName = "name=value" };
    private readonly Option<int?> _window = new("--window") { Description = "Problems worked on at once [default: 64]", HelpName = "N" };
    private readonly Option<string?> _problemField = new("--problem-field") { Description = "The field with the problem's text [default: problem]", HelpName = "name" };
    private readonly Option<string?> _answerField = new("--answer-field") { Description = "The field with the gold answer [default: answer]", HelpName = "name" };
    private readonly Option<string?> _idField = new("--id-field") { Description = "The field with the problem's id [default: id]", HelpName = "name" };
    private readonly Option<string?> _onBadLine = new("--on-bad-line") { Description = "What a line without problem or answer, or in conflict with another, means: skip or fail [default: skip]", HelpName = "skip|fail" };

    public JobOptions(ExampleCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        foreach (Option option in new Option[]
        {
            _problems, _limit, _examples, _policy, _completer, _judge, _profile, _seed, _set, _name, _window, _problemField, _answerField, _idField, _onBadLine,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the flags say, and nothing else.</summary>
    public JobDraft Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ImmutableArray<KeyValuePair<string, string>> parameters = [.. (parsed.GetValue(_set) ?? []).Select(Pair)];
        if (parsed.GetValue(_seed) is { } seed)
            parameters = parameters.Add(new("seed", seed.ToString(CultureInfo.InvariantCulture)));
        return new()
        {
            Name = parsed.GetValue(_name),
            Problems = parsed.GetValue(_problems),
            Limit = Positive(parsed.GetValue(_limit), "--limit"),
            Examples = parsed.GetValue(_examples),
            Policy = parsed.GetValue(_policy),
            Completer = parsed.GetValue(_completer),
            Judge = parsed.GetValue(_judge),
            Profile = parsed.GetValue(_profile),
            Window = Positive(parsed.GetValue(_window), "--window"),
            ProblemField = parsed.GetValue(_problemField),
            AnswerField = parsed.GetValue(_answerField),
            IdField = parsed.GetValue(_idField),
            OnBadLine = parsed.GetValue(_onBadLine) is { } text ? BadLines.Parse(text) : null,
            Parameters = parameters,
        };
    }

    private static int? Positive(int? value, string option) =>
        value is null or > 0 ? value : throw new CommandException($"{option} is {value}; it takes a whole number from 1.", ExitCodes.Usage);

    private static KeyValuePair<string, string> Pair(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals].Trim(), text[(equals + 1)..].Trim())
            : throw new CommandException($"--set {text}: write name=value, for example --set rollouts.max=32.", ExitCodes.Usage);
    }
}
