using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The turn's text, before the chat template.</param>
[GenerateSerializer, Immutable, Alias("genprm.chat-message")]
public sealed record ChatMessage([property: Id(0)] string Role, [property: Id(1)] string Content)
{
    public static ChatMessage System(string content) => new("system", content);

    public static ChatMessage User(string content) => new("user", content);

    public static ChatMessage Assistant(string content) => new("assistant", content);
}

/// <summary>What a model continues: a conversation whose assistant turn was begun for it, or plain text.</summary>
[GenerateSerializer, Immutable, Alias("genprm.prompt")]
public abstract record Prompt
{
    private Prompt()
    {
    }

    /// <summary>A conversation, rendered by the model's own chat template, and the text that its next assistant turn already begins with.</summary>
    /// <param name="Messages">The finished turns.</param>
    /// <param name="Prefill">The beginning of the assistant turn that the model continues; empty for none. A prefill that begins a
    /// reasoning block (<c>&lt;think&gt;</c>) follows the generation prompt, whose overlapping end is not repeated; any other is
    /// the content of a last turn left open.</param>
    [GenerateSerializer, Immutable, Alias("genprm.prompt.chat")]
    public sealed record Chat([property: Id(0)] ImmutableArray<ChatMessage> Messages, [property: Id(1)] string Prefill) : Prompt
    {
        /// <summary>Whether the prefill stands right behind the messages, without the tag of an assistant's turn: the rendered conversation without a
        /// generation prompt, less an end token that closes it. The released GenPRM weights are asked so.</summary>
        [Id(2)] public bool Untagged { get; init; }
    }

    /// <summary>Text that is encoded as it stands, special tokens included. The model's begin token is put before it unless the text begins with it: a
    /// conversation that was rendered elsewhere gets no second one.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.prompt.text")]
    public sealed record Text([property: Id(0)] string Content) : Prompt;
}
