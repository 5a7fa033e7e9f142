using System.Text.Json.Serialization;
using GenPrm.Core.Samples;
using Parquet.Serialization.Attributes;

namespace GenPrm.Client.Export;

/// <summary>A sample as a Parquet row: the columns of the JSONL line, by the same names.</summary>
internal sealed class SampleColumns
{
    [JsonPropertyName("id"), ParquetRequired]
    public string Id { get; set; } = "";

    [JsonPropertyName("job"), ParquetRequired]
    public string Job { get; set; } = "";

    [JsonPropertyName("labelling")]
    public int Labelling { get; set; }

    [JsonPropertyName("problem")]
    public int Problem { get; set; }

    [JsonPropertyName("problem_id"), ParquetRequired]
    public string ProblemId { get; set; } = "";

    [JsonPropertyName("rollout")]
    public int Rollout { get; set; }

    [JsonPropertyName("rationale")]
    public int Rationale { get; set; }

    [JsonPropertyName("messages"), ParquetRequired]
    public List<MessageColumns> Messages { get; set; } = [];

    [JsonPropertyName("trained"), ParquetRequired]
    public List<List<List<int>>> Trained { get; set; } = [];

    [JsonPropertyName("labels"), ParquetRequired]
    public List<bool> Labels { get; set; } = [];

    public static SampleColumns Of(SampleRow row) => new()
    {
        Id = row.Id,
        Job = row.Job,
        Labelling = row.Labelling,
        Problem = row.Problem,
        ProblemId = row.ProblemId,
        Rollout = row.Rollout,
        Rationale = row.Rationale,
        Messages = [.. row.Messages.Select(message => new MessageColumns { Role = message.Role, Content = message.Content })],
        Trained = [.. row.Trained.Select(spans => spans.Select(span => span.ToList()).ToList())],
        Labels = [.. row.Labels],
    };
}

/// <summary>One message of a conversation.</summary>
internal sealed class MessageColumns
{
    [JsonPropertyName("role"), ParquetRequired]
    public string Role { get; set; } = "";

    [JsonPropertyName("content"), ParquetRequired]
    public string Content { get; set; } = "";
}

/// <summary>A labelled step as a Parquet row: the columns of the JSONL line, by the same names.</summary>
internal sealed class StepColumns
{
    [JsonPropertyName("job"), ParquetRequired]
    public string Job { get; set; } = "";

    [JsonPropertyName("labelling")]
    public int Labelling { get; set; }

    [JsonPropertyName("problem")]
    public int Problem { get; set; }

    [JsonPropertyName("problem_id"), ParquetRequired]
    public string ProblemId { get; set; } = "";

    [JsonPropertyName("rollout")]
    public int Rollout { get; set; }

    [JsonPropertyName("rollout_correct")]
    public bool RolloutCorrect { get; set; }

    [JsonPropertyName("step")]
    public int Step { get; set; }

    [JsonPropertyName("text"), ParquetRequired]
    public string Text { get; set; } = "";

    [JsonPropertyName("before_right")]
    public int BeforeRight { get; set; }

    [JsonPropertyName("before_of")]
    public int BeforeOf { get; set; }

    [JsonPropertyName("after_right")]
    public int AfterRight { get; set; }

    [JsonPropertyName("after_of")]
    public int AfterOf { get; set; }

    [JsonPropertyName("source"), ParquetRequired]
    public string Source { get; set; } = "";

    [JsonPropertyName("progress")]
    public double? Progress { get; set; }

    [JsonPropertyName("label")]
    public bool Label { get; set; }

    [JsonPropertyName("completions")]
    public int Completions { get; set; }

    [JsonPropertyName("right")]
    public int Right { get; set; }

    [JsonPropertyName("wrong")]
    public int Wrong { get; set; }

    [JsonPropertyName("cut")]
    public int Cut { get; set; }

    [JsonPropertyName("no_answer")]
    public int NoAnswer { get; set; }

    [JsonPropertyName("unknown")]
    public int Unknown { get; set; }

    public static StepColumns Of(StepRow row) => new()
    {
        Job = row.Job,
        Labelling = row.Labelling,
        Problem = row.Problem,
        ProblemId = row.ProblemId,
        Rollout = row.Rollout,
        RolloutCorrect = row.RolloutCorrect,
        Step = row.Step,
        Text = row.Text,
        BeforeRight = row.BeforeRight,
        BeforeOf = row.BeforeOf,
        AfterRight = row.AfterRight,
        AfterOf = row.AfterOf,
        Source = row.Source,
        Progress = row.Progress,
        Label = row.Label,
        Completions = row.Completions,
        Right = row.Right,
        Wrong = row.Wrong,
        Cut = row.Cut,
        NoAnswer = row.NoAnswer,
        Unknown = row.Unknown,
    };
}
