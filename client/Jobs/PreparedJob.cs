using System.Collections.Immutable;
using GenPrm.Client.CommandLine;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Grains.Jobs;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Client.Jobs;

/// <summary>A draft with its files read: what is handed to the job's grain.</summary>
/// <param name="Name">The job's id.</param>
/// <param name="Named">Whether the user chose the name; else it is a hash of the job.</param>
/// <param name="Request">What the job is created from.</param>
/// <param name="Problems">Its problems, in order.</param>
/// <param name="Issues">What was wrong with other lines of the file.</param>
public sealed record PreparedJob(
    string Name,
    bool Named,
    JobRequest Request,
    ImmutableArray<Problem> Problems,
    ImmutableArray<LineIssue> Issues)
{
    private const int DefaultWindow = 64;

    /// <exception cref="CommandException">Something is missing or wrong; the message says what, where, and what to do.</exception>
    public static PreparedJob Make(JobDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        string problems = draft.Problems ?? throw Missing("problems", "--problems FILE");
        string policy = Model(draft.Policy ?? throw Missing("policy", "--policy MODEL (a Hugging Face folder)"), "policy");
        string completer = draft.Completer is null ? policy : Model(draft.Completer, "completer");
        string judge = Model(draft.Judge ?? throw Missing("judge", "--judge MODEL (a Hugging Face folder)"), "judge");
        if (draft.Name is { } name && (name.Length is 0 or > 100 || name.Any(c => c == '/' || char.IsControl(c) || char.IsWhiteSpace(c))))
            throw new CommandException($"The name '{name}' will not do: it needs 1 to 100 characters, no slash and no blank.", ExitCodes.Usage);
        ImmutableArray<string> specialTokens = [.. new[] { policy, completer, judge }.Distinct().SelectMany(SpecialTokens).Distinct().Order(StringComparer.Ordinal)];
        ProblemFile file = ReadProblems(problems, draft, specialTokens);
        var models = new JobModels(policy, completer, judge);
        var spec = new JobSpec(models, Parameters(draft), ReadExamples(draft.Examples), JobSpec.DigestOf(file.Problems), specialTokens);
        return new(
            draft.Name ?? spec.Id(),
            draft.Name is not null,
            new JobRequest(spec, file.Problems.Length, file.Lines, draft.Window ?? DefaultWindow),
            file.Problems,
            file.Issues);
    }

    private static ProblemFile ReadProblems(string path, JobDraft draft, ImmutableArray<string> specialTokens)
    {
        var defaults = new ProblemFileOptions();
        using StreamReader reader = Open(path, "problems");
        ProblemFile file = ProblemFile.Read(reader, defaults with
        {
            ProblemField = draft.ProblemField ?? defaults.ProblemField,
            AnswerField = draft.AnswerField ?? defaults.AnswerField,
            IdField = draft.IdField ?? defaults.IdField,
            SpecialTokens = specialTokens,
            Limit = draft.Limit,
        });
        LineIssue[] bad = [.. file.Issues.Where(issue => issue.IsBad)];
        if (bad.Length > 0 && draft.OnBadLine == BadLinePolicy.Fail)
            throw new CommandException($"{path} has {bad.Length} bad line{(bad.Length == 1 ? "" : "s")}:\n  {string.Join("\n  ", bad.Select(issue => issue.ToString()))}\nMend them, or leave them out with --on-bad-line skip.");
        if (file.Problems.IsEmpty)
            throw new CommandException($"{path} holds no problem.{(bad.Length > 0 ? $" The first bad line: {bad[0]}" : "")} Other field names are given with --problem-field and --answer-field.");
        return file;
    }

    private static ImmutableArray<WorkedExample> ReadExamples(string? path)
    {
        if (path is null)
            return [];
        using StreamReader reader = Open(path, "examples");
        try
        {
            return WorkedExampleFile.Read(reader);
        }
        catch (FormatException wrong)
        {
            throw new CommandException($"{path}: {wrong.Message}", ExitCodes.Failed);
        }
    }

    private static JobParameters Parameters(JobDraft draft)
    {
        try
        {
            JobParameters parameters = Profiles.Find(draft.Profile ?? "laptop");
            foreach ((string parameter, string value) in draft.Parameters)
                parameters = ParameterTable.Set(parameters, parameter, value);
            IReadOnlyList<string> wrong = ParameterTable.Check(parameters);
            return wrong.Count == 0 ? parameters : throw new CommandException(string.Join('\n', wrong), ExitCodes.Usage);
        }
        catch (ParameterException refused)
        {
            throw new CommandException(refused.Message, ExitCodes.Usage);
        }
    }

    /// <summary>A model's control tokens, once its folder is one that can be run: a silo would try a broken one again and again, as it may be on its way.</summary>
    private static IEnumerable<string> SpecialTokens(string model)
    {
        if (!Directory.Exists(model))
            return [];
        _ = ModelConfig.Load(model);
        CheckpointReader.Open(model).Dispose();
        return ControlTags.Load(model);
    }

    /// <summary>A folder's full path: the same model has the same name wherever a command is typed. Other names are left to silos that serve them.</summary>
    private static string Model(string text, string role)
    {
        if (Directory.Exists(text))
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(text));
        if (text.Contains('/', StringComparison.Ordinal) || text.StartsWith('.'))
            throw new CommandException($"There is no folder {text} for the {role}. Give a Hugging Face folder with config.json, tokenizer.json and *.safetensors.", ExitCodes.Usage);
        return text;
    }

    private static StreamReader Open(string path, string what)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The file of {what} {path} can not be read: {missing.Message}");
        }
    }

    private static CommandException Missing(string what, string remedy) =>
        new($"The job has no {what}. Give {remedy}, or a job file that says it. `genprm run` alone runs the example job.", ExitCodes.Usage);
}
