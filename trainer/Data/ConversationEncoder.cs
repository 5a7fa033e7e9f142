using System.Collections.Immutable;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>A sample as sequences of tokens.</summary>
/// <param name="Sequences">One where the template is prefix-stable, else one for each assistant turn.</param>
/// <param name="TurnByTurn">Whether the template made it one a turn.</param>
public sealed record EncodedSample(ImmutableArray<TrainingSequence> Sequences, bool TurnByTurn)
{
    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest => Sequences.Max(sequence => sequence.Tokens.Length);

    public int TrainedTokens => Sequences.Sum(sequence => sequence.Targets.Length);
}

/// <summary>Makes tokens and their loss mask of a conversation, through the model's own tokenizer and chat template: each assistant turn
/// as inference will see it.</summary>
/// <remarks>A token is trained if all of its characters are in a trained stretch, so that one that reaches into a user's turn or an output
/// block is not. The end token that the template writes right behind an assistant's turn is the assistant's own: a model that is not
/// trained to end goes on. A template is prefix-stable if the conversation up to each open turn is the beginning of the whole
/// (Qwen3's is not: it drops earlier reasoning blocks).</remarks>
public sealed class ConversationEncoder(Tokenizer tokenizer, ChatTemplate template, Objective objective)
{
    /// <summary>A piece of rendered text and its trained stretches, in UTF-16 units.</summary>
    private sealed record Rendered(string Text, ImmutableArray<TextSpan> Trained);

    /// <summary>Encodes one conversation.</summary>
    /// <exception cref="TrainingException">The template does not write the conversation's turns.</exception>
    public EncodedSample Encode(Conversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        try
        {
            if (objective == Objective.Scalar)
                return new([Score(conversation)], TurnByTurn: false);
            var rendered = Render((objective == Objective.Direct ? Baseline.Direct(conversation) : conversation).Turns);
            return new([.. rendered.Select(Tokens)], rendered.Length > 1);
        }
        catch (GenerationException error)
        {
            throw new TrainingException($"{conversation.Id}: the model's chat template does not take this conversation: {error.Message} A template with system, user and assistant turns is needed.", error);
        }
    }

    /// <summary>A conversation's text in pieces, each with whether it is trained, for people to look at.</summary>
    public ImmutableArray<ImmutableArray<(string Text, bool Trained)>> Pieces(Conversation conversation) =>
        [.. Encode(conversation).Sequences.Select(sequence => Pieces(sequence).ToImmutableArray())];

    private IEnumerable<(string Text, bool Trained)> Pieces(TrainingSequence sequence)
    {
        var trained = sequence.Targets.Select(target => objective == Objective.Scalar ? target.Position : target.Position + 1).ToHashSet();
        var decoder = tokenizer.StartDecoding();
        for (var at = 0; at < sequence.Tokens.Length; at++)
            yield return (decoder.Add(sequence.Tokens[at]), trained.Contains(at));
    }

    private ImmutableArray<Rendered> Render(ImmutableArray<SampleTurn> turns)
    {
        ChatMessage[] messages = [.. turns.Select(turn => turn.Message)];
        var whole = template.Render(messages, addGenerationPrompt: false);
        var opened = Enumerable.Range(0, turns.Length).Where(turn => messages[turn].Role == "assistant")
            .Select(turn => (Turn: turn, Text: template.RenderOpen(messages[..turn], messages[turn].Content))).ToList();
        if (opened.All(open => whole.StartsWith(open.Text, StringComparison.Ordinal)))
            return [new(whole, [.. opened.SelectMany(open => Spans(turns[open.Turn], open.Text, whole))])];
        return
        [
            .. opened.Select(open =>
            {
                var closed = template.Render(messages[..(open.Turn + 1)], addGenerationPrompt: false);
                var text = closed.StartsWith(open.Text, StringComparison.Ordinal) ? closed : open.Text + tokenizer.EndToken;
                return new Rendered(text, [.. Spans(turns[open.Turn], open.Text, text)]);
            }),
        ];
    }

    /// <summary>A turn's trained stretches in the rendered text, and the end token behind it.</summary>
    private IEnumerable<TextSpan> Spans(SampleTurn turn, string open, string whole)
    {
        var content = turn.Message.Content;
        var shift = open.Length - content.Length;
        if (!open.EndsWith(content, StringComparison.Ordinal))
        {
            var trimmed = content.Trim();
            if (!open.EndsWith(trimmed, StringComparison.Ordinal))
                throw new GenerationException("it rewrites the assistant's turn, so that the trained stretches can not be found.");
            shift = open.Length - trimmed.Length - content.IndexOf(trimmed, StringComparison.Ordinal);
        }

        foreach (var span in turn.Trained)
            yield return new(Math.Max(0, span.Start + shift), Math.Min(span.End + shift, open.Length));
        var behind = whole.AsSpan(open.Length);
        foreach (var token in tokenizer.SpecialTokens)
        {
            if (behind.StartsWith(token, StringComparison.Ordinal))
            {
                yield return new(open.Length, open.Length + token.Length);
                yield break;
            }
        }
    }

    private TrainingSequence Tokens(Rendered rendered)
    {
        var (ids, places) = WithPlaces(rendered.Text, rendered.Trained);
        bool[] mask = [.. places.Select(place => rendered.Trained.Any(span => place.Start >= span.Start && place.End <= span.End))];
        return TrainingSequence.FromMask(ids, mask);
    }

    private TrainingSequence Score(Conversation conversation)
    {
        var (message, steps) = Baseline.Scalar(conversation);
        var text = template.Render([message], addGenerationPrompt: false);
        var start = text.LastIndexOf(message.Content, StringComparison.Ordinal);
        if (start < 0)
            throw new GenerationException("it rewrites the user's turn, so that the steps' ends can not be found.");
        var (ids, places) = WithPlaces(text, [.. steps.Select(step => new TextSpan(start, start + step.End))]);
        // A step's score is read at its last token: the last that begins before the step ends. Several tokens may have one place, the bytes of
        // a character or a piece that the tokenizer normalized.
        return new(ids, [.. steps.Select(step => new TrainedPosition(Array.FindLastIndex(places, place => place.Start < start + step.End), step.Label ? 1 : 0))]);
    }

    /// <summary>The ids of a rendered text, and where each token stands in it.</summary>
    private (ImmutableArray<int> Ids, TextSpan[] Places) WithPlaces(string text, ImmutableArray<TextSpan> borders)
    {
        var ids = tokenizer.Encode(text, addSpecial: false);
        if (Places(ids, text) is { } places)
            return ([.. ids], places);
        // The tokenizer normalizes this text, and its tokens no longer say where they are: encode piece by piece, cut at the stretches.
        var (joined, joinedPlaces) = (new List<int>(), new List<TextSpan>());
        var from = 0;
        foreach (var border in borders.SelectMany(span => new[] { span.Start, span.End }).Append(text.Length).Distinct().Order())
        {
            foreach (var id in tokenizer.Encode(text[from..border], addSpecial: false))
            {
                joined.Add(id);
                joinedPlaces.Add(new(from, border));
            }

            from = border;
        }

        return ([.. joined], [.. joinedPlaces]);
    }

    /// <summary>Where each token stands, or null if the tokens' bytes are not the text's. One that has part of a character has all of it.</summary>
    private TextSpan[]? Places(int[] ids, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        // For each byte the units of its character.
        var characters = new TextSpan[bytes.Length];
        var (at, unit) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            Array.Fill(characters, new(unit, unit + rune.Utf16SequenceLength), at, rune.Utf8SequenceLength);
            at += rune.Utf8SequenceLength;
            unit += rune.Utf16SequenceLength;
        }

        var places = new TextSpan[ids.Length];
        var position = 0;
        for (var index = 0; index < ids.Length; index++)
        {
            var token = tokenizer.BytesOf(ids[index]);
            if (token.IsEmpty || !bytes.AsSpan(position).StartsWith(token))
                return null;
            places[index] = new(characters[position].Start, characters[position + token.Length - 1].End);
            position += token.Length;
        }

        return position == bytes.Length ? places : null;
    }
}
