using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>Reads conversations from JSONL: <c>genprm export</c>'s <c>samples.jsonl</c>, or any file with <c>messages</c> a line.</summary>
/// <remarks>Fields: <c>messages</c> (<c>role</c>, <c>content</c>); optional <c>trained</c> (for each message its stretches [start, end) in
/// code points; without it all of the assistant's turns but <c>[Code Output]</c> blocks), <c>labels</c> (a truth value for each assistant
/// turn), <c>id</c>, and <c>job</c> and <c>problem</c>, or <c>problem_id</c>, which name the problem; without them each line is one of its
/// own.</remarks>
public static class SampleFile
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="TrainingException">It is missing, empty, or a line is wrong: with the line's number.</exception>
    public static ImmutableArray<Conversation> Read(string file)
    {
        if (!File.Exists(file))
            throw new TrainingException($"{file}: no such file; `genprm export JOB` writes one (samples.jsonl)");
        var conversations = ImmutableArray.CreateBuilder<Conversation>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                conversations.Add(Parse(line, file, number));
        }

        return conversations.Count > 0
            ? conversations.ToImmutable()
            : throw new TrainingException($"{file}: holds no sample; a job whose judge never agreed with its labels exports none (`genprm status JOB` says how many were accepted)");
    }

    private static Conversation Parse(string line, string file, int number)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{file}:{number}");
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var messages = root.GetProperty("messages").EnumerateArray()
                .Select((message, index) => new ChatMessage(Text(message, "role", index), Text(message, "content", index))).ToList();
            if (messages.All(message => message.Role != "assistant"))
                throw new TrainingException($"{place}: the conversation has no assistant turn, so there is nothing to train on");
            if (root.TryGetProperty("trained", out var trained) && trained.GetArrayLength() != messages.Count)
                throw new TrainingException($"{place}: `trained` has {trained.GetArrayLength()} entries for {messages.Count} messages");
            ImmutableArray<SampleTurn> turns = trained.ValueKind == JsonValueKind.Array
                ? [.. messages.Zip(trained.EnumerateArray(), (message, spans) => new SampleTurn(message, Spans(message.Content, spans)))]
                : [.. messages.Select(TrainedSpans.Of)];
            ImmutableArray<bool> labels = root.TryGetProperty("labels", out var listed) ? [.. listed.EnumerateArray().Select(label => label.GetBoolean())] : [];
            // A problem's name decides whether it is held out: it must not depend on what the file is called.
            var alone = string.Create(CultureInfo.InvariantCulture, $"line {number}");
            var id = root.TryGetProperty("id", out var named) ? named.ToString() : null;
            return new(id ?? place, Problem(root, id ?? alone), turns, labels);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException or IndexOutOfRangeException or FormatException)
        {
            throw new TrainingException($"{place}: is not a sample: {error.Message} Wanted: {{\"messages\": [{{\"role\": …, \"content\": …}}, …]}}", error);
        }
    }

    private static string Text(JsonElement message, string field, int index) => message.GetProperty(field).GetString()
        ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"`{field}` of message {index + 1} is null."));

    private static string Problem(JsonElement root, string id)
    {
        if (root.TryGetProperty("job", out var job) && root.TryGetProperty("problem", out var problem))
            return $"{job}/{problem}";
        return root.TryGetProperty("problem_id", out var name) ? name.ToString() : id;
    }

    private static ImmutableArray<TextSpan> Spans(string content, JsonElement spans)
    {
        var runes = content.EnumerateRunes().ToArray();
        int Unit(int rune) => rune >= 0 && rune <= runes.Length
            ? runes.Take(rune).Sum(one => one.Utf16SequenceLength)
            : throw new FormatException($"a trained stretch ends at {rune}, the text has {runes.Length} characters.");
        return [.. spans.EnumerateArray().Select(span => new TextSpan(Unit(span[0].GetInt32()), Unit(span[1].GetInt32())))];
    }
}
