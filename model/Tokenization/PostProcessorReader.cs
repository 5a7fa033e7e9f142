using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Tokenization;

/// <summary>Reads which tokens belong round every text.</summary>
internal static class PostProcessorReader
{
    public static (ImmutableArray<int> Before, ImmutableArray<int> After) Read(ConfigObject root, TokenizerConfig config, IReadOnlyDictionary<string, int> ids)
    {
        var (before, after) = ReadPart(root.Object("post_processor"));
        return (Override(before, config.AddBeginToken, config.BeginToken, "bos_token"), Override(after, config.AddEndToken, config.EndToken, "eos_token"));

        ImmutableArray<int> Override(ImmutableArray<int> own, bool? wanted, string? token, string role) => wanted switch
        {
            null => own,
            false => [],
            true when token is null => [],
            true => [ids.TryGetValue(token!, out var id) ? id : throw root.Refuse("added_tokens", $"{role} '{token}' is not in the vocabulary")],
        };
    }

    private static (ImmutableArray<int> Before, ImmutableArray<int> After) ReadPart(ConfigObject? part)
    {
        switch (part?.Text("type"))
        {
            case null when part is null:
            case "ByteLevel":
                return ([], []);
            case "Sequence":
                var inner = part!.Objects("processors").Select(one => one.Text("type") == "Sequence" ? throw one.Refuse("type", "a Sequence in a Sequence is not known") : ReadPart(one)).ToList();
                return ([.. Enumerable.Reverse(inner).SelectMany(one => one.Before)], [.. inner.SelectMany(one => one.After)]);
            case "TemplateProcessing":
                return ReadTemplate(part!);
            case var type:
                throw part!.Refuse("type", $"post-processor '{type}' is not known; known are TemplateProcessing, ByteLevel and Sequence");
        }
    }

    private static (ImmutableArray<int> Before, ImmutableArray<int> After) ReadTemplate(ConfigObject part)
    {
        var (before, after) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>());
        var sequences = 0;
        foreach (var piece in part.Objects("single"))
        {
            if (piece.Object("Sequence") is { } sequence && sequence.Text("id") == "A")
                sequences++;
            else if (piece.Object("SpecialToken")?.Text("id") is { } name)
                (sequences == 0 ? before : after).AddRange(IdsOf(part, name));
            else
                throw part.Refuse("single", "has a piece that is neither the sequence A nor a special token");
        }

        return sequences == 1 ? (before.ToImmutable(), after.ToImmutable()) : throw part.Refuse("single", $"has the sequence {sequences} times");
    }

    private static List<int> IdsOf(ConfigObject part, string name) => part.Object("special_tokens")?.Object(name)?.TokenIds("ids") is { Count: > 0 } ids
        ? ids
        : throw part.Refuse("special_tokens", $"'{name}' is missing");
}
