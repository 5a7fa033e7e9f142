using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization.Normalization;
using GenPrm.Model.Tokenization.Patterns;
using GenPrm.Model.Tokenization.PreTokenization;

namespace GenPrm.Model.Tokenization;

/// <summary>Reads the parts of <c>tokenizer.json</c> that work on text before merging.</summary>
internal static class PreTokenizationReader
{
    private const int DeepestNesting = 16;

    public static Func<string, string> ReadNormalizer(ConfigObject? part, int depth = 0)
    {
        switch (part?.Text("type"))
        {
            case null when part is null:
                return text => text;
            case "NFC":
                return CanonicalForm.Compose;
            case "NFD":
                return CanonicalForm.Decompose;
            case "Sequence" when depth < DeepestNesting:
                var parts = part.Objects("normalizers").Select(inner => ReadNormalizer(inner, depth + 1)).ToList();
                return text => parts.Aggregate(text, (result, normalize) => normalize(result));
            case var type:
                throw part!.Refuse("type", $"normalizer '{type}' is not known; known are NFC, NFD and Sequence");
        }
    }

    /// <summary>The pre-tokenizer, of which some part must be ByteLevel: pieces are merged as bytes.</summary>
    public static IPreTokenizer ReadPreTokenizer(ConfigObject root)
    {
        var part = root.Object("pre_tokenizer") ?? throw root.Refuse("pre_tokenizer", "is missing; only byte-level BPE is known, whose pre-tokenizer ends in ByteLevel");
        return Kinds(part).LastOrDefault() == "ByteLevel"
            ? Read(part, 0)
            : throw part.Refuse("type", "does not end in ByteLevel; only byte-level BPE is known");
    }

    private static IEnumerable<string?> Kinds(ConfigObject part) => part.Text("type") == "Sequence"
        ? part.Objects("pretokenizers").Select(inner => inner.Text("type"))
        : [part.Text("type")];

    private static IPreTokenizer Read(ConfigObject part, int depth)
    {
        switch (part.Text("type"))
        {
            case "Sequence" when depth < DeepestNesting:
                var inner = part.Objects("pretokenizers").ToList();
                if (inner.SkipLast(1).Any(one => one.Text("type") == "ByteLevel"))
                    throw part.Refuse("pretokenizers", "ByteLevel before another part is not known; only at the end");
                return new SequencePreTokenizer([.. inner.Select(one => Read(one, depth + 1))]);
            case "Split":
                return new SplitPreTokenizer(ReadPattern(part), ReadBehavior(part), part.Flag("invert", false));
            case "Digits":
                return SplitPreTokenizer.Digits(part.Flag("individual_digits", false));
            case "ByteLevel":
                List<IPreTokenizer> parts = part.Flag("add_prefix_space", true) ? [new PrefixSpace()] : [];
                if (part.Flag("use_regex", true))
                    parts.Add(SplitPreTokenizer.Gpt2);
                return new SequencePreTokenizer(parts);
            case var type:
                throw part.Refuse("type", $"pre-tokenizer '{type}' is not known; known are ByteLevel, Split, Digits and Sequence");
        }
    }

    private static TextPattern ReadPattern(ConfigObject part)
    {
        var pattern = part.Object("pattern") ?? throw part.Refuse("pattern", "is missing");
        try
        {
            if (pattern.Text("Regex") is { Length: > 0 } expression)
                return new TextPattern(expression);
            if (pattern.Text("String") is { Length: > 0 } literal)
                return TextPattern.Literal(literal);
        }
        catch (FormatException error)
        {
            throw part.Refuse("pattern", error.Message);
        }

        throw part.Refuse("pattern", "has neither Regex nor String");
    }

    private static SplitBehavior ReadBehavior(ConfigObject part) => part.Text("behavior") switch
    {
        "Isolated" => SplitBehavior.Isolated,
        "Removed" => SplitBehavior.Removed,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw part.Refuse("behavior", $"'{other}' is not known"),
    };
}
