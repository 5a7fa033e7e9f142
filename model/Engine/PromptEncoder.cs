using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Engine;

/// <summary>Makes tokens of prompts, on the callers' threads. What can not fit into the context is refused before there is much work in it.</summary>
internal sealed class PromptEncoder(Tokenizer tokenizer, ChatTemplate template, ModelConfig config)
{
    /// <summary>Prompts of all models that are encoded at once: long ones of many callers leave cores to the engine.</summary>
    private static readonly SemaphoreSlim Places = new(2);

    /// <exception cref="GenerationException">The prompt is empty, longer than the context, or the template refuses it.</exception>
    public async Task<int[]> EncodeAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        await Places.WaitAsync(cancellationToken);
        try
        {
            return Encode(prompt, cancellationToken);
        }
        finally
        {
            Places.Release();
        }
    }

    private int[] Encode(Prompt prompt, CancellationToken cancellationToken)
    {
        var written = prompt switch
        {
            Prompt.Chat chat => template.RenderOpen(chat),
            Prompt.Text text => text.Content,
            _ => throw new ArgumentException($"Prompts of type {prompt.GetType().Name} are unknown."),
        };
        var (context, most) = (config.MaxPositions, (long)config.MaxPositions * tokenizer.LongestToken);
        Require(Encoding.UTF8.GetByteCount(written) <= most, $"The prompt has more than {most} bytes, which the model's context {context} (tokens of at most {tokenizer.LongestToken} bytes) can not hold. Shorten the prompt.");
        // A rendered conversation has its own begin token, where its template wants one.
        var tokens = prompt is Prompt.Chat
            ? tokenizer.Encode(written, addSpecial: false, context, cancellationToken)
            : tokenizer.EncodeOpening(written, context, cancellationToken);
        Require(tokens.Length <= context, $"The prompt has {tokens.Length} tokens or more and the model's context {context}: there is no room for a new one. Shorten the prompt.");
        var largest = tokens.Length == 0 ? 0 : tokens.Max();
        Require(largest < config.VocabularySize, $"The prompt has token {largest}, and the model's embedding has no row for it (vocab_size is {config.VocabularySize}): tokenizer and model are not of one kind.");
        Require(tokens.Length > 0, "The prompt is empty: it has no tokens. Give the model something to continue.");
        return tokens;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new GenerationException(message);
    }
}
