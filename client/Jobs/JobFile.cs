using System.Globalization;
using GenPrm.Client.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GenPrm.Client.Jobs;

/// <summary>Reads a job file: YAML with the names of <c>genprm run</c>'s options, and <c>parameters</c> by their dotted names or nested.
/// Paths in it are relative to the file.</summary>
public static class JobFile
{
    /// <exception cref="CommandException">The file can not be read, or says something that is not known; the message names file and line.</exception>
    public static JobDraft Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Parse(reader, path);
        }
        catch (IOException missing)
        {
            throw new CommandException($"The job file {path} can not be read: {missing.Message}", ExitCodes.Usage);
        }
        catch (YamlException broken)
        {
            throw new CommandException($"{path}, line {broken.Start.Line}: {broken.Message}", ExitCodes.Usage);
        }
    }

    internal static JobDraft Parse(TextReader reader, string path)
    {
        var stream = new YamlStream();
        stream.Load(reader);
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
            throw new CommandException($"{path} is no job file: it must be one YAML mapping, such as `problems: sums.jsonl`.", ExitCodes.Usage);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var draft = new JobDraft();
        foreach ((YamlNode key, YamlNode value) in root.Children)
            draft = Take(draft, Word(key, path), value, path, folder);
        return draft;
    }

    private static JobDraft Take(JobDraft draft, string name, YamlNode value, string path, string folder) => name switch
    {
        "name" => draft with { Name = Word(value, path) },
        "problems" => draft with { Problems = Path.GetFullPath(Word(value, path), folder) },
        "examples" => draft with { Examples = Path.GetFullPath(Word(value, path), folder) },
        "policy" => draft with { Policy = Model(Word(value, path), folder) },
        "completer" => draft with { Completer = Model(Word(value, path), folder) },
        "judge" => draft with { Judge = Model(Word(value, path), folder) },
        "profile" => draft with { Profile = Word(value, path) },
        "limit" => draft with { Limit = Number(value, path, "limit") },
        "window" => draft with { Window = Number(value, path, "window") },
        "problem_field" => draft with { ProblemField = Word(value, path) },
        "answer_field" => draft with { AnswerField = Word(value, path) },
        "id_field" => draft with { IdField = Word(value, path) },
        "on_bad_line" => draft with { OnBadLine = BadLines.Parse(Word(value, path)) },
        "seed" => draft with { Parameters = draft.Parameters.Add(new("seed", Word(value, path))) },
        "parameters" => draft with { Parameters = draft.Parameters.AddRange(Flatten("", value, path)) },
        _ => throw new CommandException(
            $"{path}: there is no '{name}' in a job file. There are name, problems, examples, policy, completer, judge, profile, limit, window, seed, problem_field, answer_field, id_field, on_bad_line, parameters.",
            ExitCodes.Usage),
    };

    /// <summary>A folder beside the job file, or a name that silos serve.</summary>
    private static string Model(string text, string folder) => Directory.Exists(Path.GetFullPath(text, folder)) ? Path.GetFullPath(text, folder) : text;

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string prefix, YamlNode node, string path) => node is YamlMappingNode mapping
        ? mapping.Children.SelectMany(pair => Flatten(prefix.Length == 0 ? Word(pair.Key, path) : $"{prefix}.{Word(pair.Key, path)}", pair.Value, path))
        : [new(prefix, Word(node, path))];

    private static string Word(YamlNode node, string path) => node is YamlScalarNode { Value: { } text }
        ? text
        : throw new CommandException($"{path}, line {node.Start.Line}: a single value is wanted here.", ExitCodes.Usage);

    private static int Number(YamlNode node, string path, string name) =>
        int.TryParse(Word(node, path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new CommandException($"{path}, line {node.Start.Line}: {name} is '{Word(node, path)}'; it takes a whole number from 1.", ExitCodes.Usage);
}
