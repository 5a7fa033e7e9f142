using System.Text.Json;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Checking;

/// <summary>Compares with <c>reference.json</c>: the logits after each prompt, the log probability of every prompt token, and the greedy
/// path, teacher-forced: at each place the reference's token must be the best, or nearly.</summary>
internal sealed class ReferenceCheck
{
    public const string File = "reference.json";

    /// <summary>Below so many parameters a model is a tiny one, whose numbers are compared more closely.</summary>
    private const long Tiny = 10_000_000;
    private const double GreedyGap = 0.002;

    private readonly FindingBuilder encodings = new("prompts");
    private readonly FindingBuilder logits;
    private readonly FindingBuilder logProbabilities;
    private readonly FindingBuilder greedy = new("greedy_path", GreedyGap);
    private readonly Tokenizer tokenizer;
    private readonly IForwardPass model;
    private readonly int vocabulary;

    private ReferenceCheck(ModelConfig config, Tokenizer tokenizer, IForwardPass model)
    {
        var tiny = config.ParameterCount < Tiny;
        logits = new FindingBuilder("logits", tiny ? 5e-4 : 2e-3);
        logProbabilities = new FindingBuilder("log_probabilities", tiny ? 1e-4 : 1e-3);
        this.tokenizer = tokenizer;
        this.model = model;
        vocabulary = config.VocabularySize;
    }

    public static IEnumerable<CheckFinding> Run(string folder, ModelConfig config, Tokenizer tokenizer, IForwardPass model, CancellationToken cancellationToken)
    {
        var check = new ReferenceCheck(config, tokenizer, model);
        GoldenLines.Whole(Path.Combine(folder, File), reference =>
        {
            var number = 0;
            foreach (var one in reference.GetProperty("cases").EnumerateArray())
            {
                cancellationToken.ThrowIfCancellationRequested();
                check.Compare(number++, one);
            }
        });
        return [check.encodings.Build(), check.logits.Build(), check.logProbabilities.Build(), check.greedy.Build()];
    }

    private void Compare(int number, JsonElement one)
    {
        var prompt = GoldenLines.Ids(one.GetProperty("input_ids"));
        CompareText(number, one, prompt);
        int[] path = one.TryGetProperty("greedy_ids", out var listed) ? GoldenLines.Ids(listed) : [];
        var promptLogs = Numbers(one, "token_logprobs");
        var pathLogs = Numbers(one, "greedy_logprobs");
        int[] all = [.. prompt, .. path];
        if (all.FirstOrDefault(id => (uint)id >= (uint)vocabulary, -1) is >= 0 and var outside)
            throw new FormatException($"case {number}: id {outside} is not one of the model's {vocabulary}");

        model.Run(all.AsSpan(0, all.Length - (path.Length > 0 ? 1 : 0)), (position, row) =>
        {
            if (position == prompt.Length - 1)
                CompareLogits(number, one, row);
            if (position + 1 >= all.Length)
                return;
            var next = all[position + 1];
            var onPath = position + 1 - prompt.Length;
            var log = onPath < 0 ? At(promptLogs, position) : At(pathLogs, onPath);
            if (log is { } wanted)
            {
                var found = LogProbability(row, next);
                logProbabilities.Compare(wanted, found, () => $"case {number}, position {position + 1}, token {next}");
            }

            if (onPath >= 0)
            {
                var gap = (double)Max(row) - row[next];
                greedy.Bound(double.IsNaN(gap) ? double.PositiveInfinity : gap, () => $"case {number}, step {onPath}: the reference's token {next} is {gap:G4} behind the best");
            }
        });
    }

    private void CompareText(int number, JsonElement one, int[] prompt)
    {
        if (one.TryGetProperty("text", out var text))
            encodings.Require(tokenizer.Encode(text.GetString()!, addSpecial: true).AsSpan().SequenceEqual(prompt), () => $"case {number}: {EncodingCheck.Shown(text.GetString()!)} has other ids");
        else if (one.TryGetProperty("prompt", out var rendered))
            encodings.Require(tokenizer.Encode(rendered.GetString()!, addSpecial: false).AsSpan().SequenceEqual(prompt), () => $"case {number}: {EncodingCheck.Shown(rendered.GetString()!)} has other ids");
    }

    private void CompareLogits(int number, JsonElement one, ReadOnlySpan<float> row)
    {
        if (one.TryGetProperty("last_logits", out var all))
        {
            var token = 0;
            foreach (var value in all.EnumerateArray())
                Compare(token++, value.GetDouble(), row);
        }
        else if (one.TryGetProperty("last_top50", out var best))
        {
            foreach (var pair in best.EnumerateArray())
                Compare(pair[0].GetInt32(), pair[1].GetDouble(), row);
        }

        void Compare(int token, double wanted, ReadOnlySpan<float> row)
        {
            if ((uint)token >= (uint)row.Length)
                throw new FormatException($"case {number}: id {token} is not one of the model's {row.Length}");
            logits.Compare(wanted, row[token], () => $"case {number}, token {token}");
        }
    }

    private static double[] Numbers(JsonElement one, string field) => one.TryGetProperty(field, out var list) ? [.. list.EnumerateArray().Select(value => value.GetDouble())] : [];

    private static double? At(double[] values, int index) => index < values.Length ? values[index] : null;

    private static float Max(ReadOnlySpan<float> row)
    {
        var highest = row[0];
        foreach (var logit in row)
            highest = Math.Max(highest, logit);
        return highest;
    }

    private static double LogProbability(ReadOnlySpan<float> row, int token)
    {
        double highest = Max(row);
        double sum = 0;
        foreach (var logit in row)
            sum += Math.Exp(logit - highest);
        return row[token] - highest - Math.Log(sum);
    }
}
