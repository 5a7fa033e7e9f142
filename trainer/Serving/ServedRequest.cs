using GenPrm.Core.Generation;
using GenPrm.Trainer.Serving.Answers;

namespace GenPrm.Trainer.Serving;

/// <summary>What the log says of a request, gathered while it is answered.</summary>
internal sealed class ServedRequest
{
    /// <summary>The name of a model that is served; others' words never come into the log.</summary>
    public string? Model { get; set; }

    public bool Streams { get; set; }

    /// <summary>The code of the error that it was refused with, else the field: one of ours, since a field that nobody knows has a code.</summary>
    public string? Refused { get; set; }

    /// <summary>In a word or two.</summary>
    public string What => $"{Model ?? "-"}{(Streams ? " streamed" : "")}{(Refused is null ? "" : $" ({Refused})")}";

    public TokenUsage Usage { get; set; } = new(0, 0);

    public void Count(GenerationEvent happened) => Usage = happened switch
    {
        GenerationEvent.Started started => Usage with { Prompt = Usage.Prompt + started.PromptTokens },
        GenerationEvent.Ended ended => Usage with { Completion = Usage.Completion + ended.Tokens },
        _ => Usage,
    };
}
