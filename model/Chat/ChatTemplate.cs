using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat.Jinja;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Chat;

/// <summary>A model's own way of writing a conversation as text: the Jinja template of its folder, run as <c>transformers</c> runs it.</summary>
/// <remarks>Safe for concurrent calls.</remarks>
public sealed class ChatTemplate
{
    /// <summary>Stands at the end of a turn that is left open, so that the place is found in the rendered text. Its last blank tells whether
    /// the template keeps the blanks round a turn.</summary>
    private const string OpenMark = "⟪genprm: the open turn ends here⟫ ";

    private const string ReasoningTag = "<think>";

    private readonly IReadOnlyList<JinjaStatement> statements;
    private readonly IReadOnlyDictionary<string, string> specialTokens;
    /// <summary>Whoever asks may be told its file's name, and not where that lies.</summary>
    private readonly string origin;
    private readonly TimeProvider time;

    private ChatTemplate(IReadOnlyList<JinjaStatement> statements, IReadOnlyDictionary<string, string> specialTokens, string origin, TimeProvider time)
    {
        this.statements = statements;
        this.specialTokens = specialTokens;
        this.origin = origin;
        this.time = time;
    }

    /// <summary>Reads the template of a model folder: <c>chat_template.jinja</c>, else <c>chat_template</c> of <c>tokenizer_config.json</c>.</summary>
    /// <param name="time">What templates that write today's date go by; the system's clock by default.</param>
    /// <exception cref="CheckpointException">The folder has none, or it can not be read; the message names what is unknown, and its line.</exception>
    public static ChatTemplate Load(string folder, TimeProvider? time = null)
    {
        var (source, origin, specialTokens) = ChatTemplateFiles.Read(folder);
        return Parse(source, specialTokens, origin, time);
    }

    /// <param name="specialTokens">Variables such as <c>bos_token</c>.</param>
    /// <param name="origin">Where the source is from, for messages.</param>
    /// <exception cref="CheckpointException">The template can not be read.</exception>
    public static ChatTemplate Parse(string source, IReadOnlyDictionary<string, string> specialTokens, string origin, TimeProvider? time = null)
    {
        try
        {
            return new ChatTemplate(JinjaParser.Parse(source), specialTokens, origin, time ?? TimeProvider.System);
        }
        catch (JinjaException error)
        {
            throw new CheckpointException($"{origin}: chat template: {error.Message}", error);
        }
    }

    /// <summary>The conversation as text.</summary>
    /// <param name="addGenerationPrompt">Whether the beginning of the assistant's next turn is put at its end.</param>
    /// <exception cref="GenerationException">The template refuses these messages.</exception>
    public string Render(IEnumerable<ChatMessage> messages, bool addGenerationPrompt) =>
        Render(new JinjaList([.. messages.Select(ToValue)]), addGenerationPrompt, []);

    /// <summary>The conversation as text, from messages as JSON with whatever fields they have.</summary>
    /// <param name="variables">What the template sees besides, such as <c>tools</c> or <c>enable_thinking</c>.</param>
    /// <exception cref="GenerationException">The template refuses these messages.</exception>
    public string Render(JsonElement messages, bool addGenerationPrompt, IEnumerable<KeyValuePair<string, JsonElement>>? variables = null) =>
        Render(PythonJson.Read(messages), addGenerationPrompt, [.. (variables ?? []).Select(pair => (pair.Key, PythonJson.Read(pair.Value)))]);

    /// <summary>The conversation with the assistant's next turn begun: what a model continues.</summary>
    /// <remarks>An empty prefill, or one that begins a reasoning block, follows the generation prompt, whose overlapping end is not repeated.
    /// Any other is the content of a last turn that is left open, without what the template writes after it; a template that trims turns
    /// trims this one too.</remarks>
    /// <exception cref="GenerationException">The template refuses these messages, or drops the last turn.</exception>
    public string RenderOpen(IReadOnlyList<ChatMessage> messages, string prefill)
    {
        if (prefill.Length == 0)
            return Render(messages, addGenerationPrompt: true);
        if (prefill.StartsWith(ReasoningTag, StringComparison.Ordinal))
            return JoinReasoning(Render(messages, addGenerationPrompt: true), prefill);
        var rendered = Render(messages.Append(ChatMessage.Assistant(prefill + OpenMark)), addGenerationPrompt: false);
        var end = rendered.LastIndexOf(OpenMark.TrimEnd(), StringComparison.Ordinal);
        if (end < 0)
            throw new GenerationException($"{Path.GetFileName(origin)}: the chat template does not write the last assistant turn, so that it can not be left open; use a prefill that begins with {ReasoningTag}, or none");
        var open = rendered[..end];
        return string.CompareOrdinal(rendered, end, OpenMark, 0, OpenMark.Length) == 0 ? open : PythonText.Strip(open, null, left: false);
    }

    /// <summary>What a model continues, rendered as <paramref name="prompt"/> wants it.</summary>
    /// <exception cref="GenerationException">The template refuses these messages, or drops the last turn.</exception>
    public string RenderOpen(Prompt.Chat prompt) => prompt.Untagged ? RenderUntagged(prompt.Messages) + prompt.Prefill : RenderOpen(prompt.Messages, prompt.Prefill);

    /// <summary>The conversation less an end token that closes it, and the blanks behind that.</summary>
    private string RenderUntagged(IReadOnlyList<ChatMessage> messages)
    {
        var rendered = Render(messages, addGenerationPrompt: false);
        var trimmed = PythonText.Strip(rendered, null, left: false);
        return specialTokens.TryGetValue("eos_token", out var end) && end.Length > 0 && trimmed.EndsWith(end, StringComparison.Ordinal) ? trimmed[..^end.Length] : rendered;
    }

    /// <summary>Whether the template leaves a user's turn open at its end, as DeepSeek's does: the next tag ends it.</summary>
    public bool LeavesUserTurnsOpen
    {
        get
        {
            const string Turn = "genprm";
            return Render([ChatMessage.User(Turn)], addGenerationPrompt: false).EndsWith(Turn, StringComparison.Ordinal);
        }
    }

    /// <summary>Puts a reasoning block's beginning after a generation prompt that may have begun it already.</summary>
    private static string JoinReasoning(string prompt, string prefill)
    {
        var begun = PythonText.Strip(prompt, null, left: false);
        if (!begun.EndsWith(ReasoningTag, StringComparison.Ordinal))
            return prompt + prefill;
        var (written, rest) = (prompt[begun.Length..], prefill[ReasoningTag.Length..]);
        var shared = 0;
        while (shared < written.Length && shared < rest.Length && written[shared] == rest[shared])
            shared++;
        return prompt + rest[shared..];
    }

    private string Render(object? messages, bool addGenerationPrompt, IReadOnlyList<(string Name, object? Value)> variables)
    {
        var globals = new JinjaDictionary(specialTokens.Select(pair => (pair.Key, (object?)pair.Value)));
        JinjaGlobals.AddTo(globals, time);
        globals["messages"] = messages;
        globals["tools"] = null;
        globals["documents"] = null;
        globals["add_generation_prompt"] = addGenerationPrompt;
        foreach (var (name, value) in variables)
            globals[name] = value;
        try
        {
            return JinjaInterpreter.Run(statements, globals);
        }
        catch (JinjaException error)
        {
            throw new GenerationException($"{Path.GetFileName(origin)}: chat template: {error.Message}", error);
        }
    }

    private static JinjaDictionary ToValue(ChatMessage message) => new([("role", message.Role), ("content", message.Content)]);
}
