using System.Collections.Immutable;
using GenPrm.Model.Tokenization.PreTokenization;

namespace GenPrm.Model.Tokenization;

/// <summary>What <see cref="TokenizerReader"/> makes of the files.</summary>
/// <param name="TokenBytes">The bytes of each id; null for an id without a token.</param>
/// <param name="Ids">The id of each token's string.</param>
/// <param name="Before">Ids put before a text where special tokens are added.</param>
/// <param name="After">Ids put after it.</param>
internal sealed record TokenizerParts(
    byte[]?[] TokenBytes,
    Dictionary<string, int> Ids,
    ImmutableArray<AddedToken> AddedTokens,
    Func<string, string> Normalize,
    IPreTokenizer PreTokenizer,
    MergeModel Merges,
    ImmutableArray<int> Before,
    ImmutableArray<int> After,
    string? BeginToken,
    string? EndToken);
