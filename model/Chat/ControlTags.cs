using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenPrm.Core.Generation;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Chat;

/// <summary>Which of a model's added tokens are no text but steer it: those that its files call special; those that its chat template writes round turns, whatever
/// the files call them (DeepSeek's <c>&lt;｜User｜&gt;</c> is not special); and tags of reasoning, tools and gaps to be filled. Other added tokens are words.</summary>
public static partial class ControlTags
{
    /// <summary>Said in the probes' turns: letters that no added token has.</summary>
    private const string Said = "⟪⟫";

    private static readonly ImmutableArray<ImmutableArray<ChatMessage>> Probes =
    [
        [ChatMessage.User(Said)],
        [ChatMessage.User(Said), ChatMessage.Assistant(Said), ChatMessage.User(Said)],
        [ChatMessage.System(Said), ChatMessage.User(Said), ChatMessage.Assistant(Said), ChatMessage.User(Said), ChatMessage.Assistant(Said)],
    ];

    /// <summary>The control strings of a model folder.</summary>
    /// <exception cref="CheckpointException">The folder has no tokenizer or chat template that can be read.</exception>
    public static ImmutableArray<string> Load(string folder) => Of(Tokenizer.Load(folder), ChatTemplate.Load(folder));

    /// <summary>The control strings, by id.</summary>
    public static ImmutableArray<string> Of(Tokenizer tokenizer, ChatTemplate template)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        var written = Probes.SelectMany(Rendered).SelectMany(text => tokenizer.Encode(text, addSpecial: false)).ToHashSet();
        return [.. tokenizer.AddedTokens.Where(token => token.Special || written.Contains(token.Id) || Tag().IsMatch(token.Content))
            .Select(token => token.Content).Where(content => !string.IsNullOrWhiteSpace(content))];

        IEnumerable<string> Rendered(ImmutableArray<ChatMessage> probe)
        {
            foreach (var opensTurn in (bool[])[false, true])
            {
                string? text = null;
                try
                {
                    text = template.Render(probe, opensTurn);
                }
                catch (GenerationException)
                {
                    // A template may have no system's turn: the other probes have none.
                }

                if (text is not null)
                    yield return text;
            }
        }
    }

    [GeneratedRegex(@"^<(?:[|｜].+[|｜]|/?(?:think|tools?|tool_.+|fim[_-].+))>\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
