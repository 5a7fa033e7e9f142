using CsCheck;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Unit.Model.Tokenization;

public sealed class LongPieceMergerTests
{
    private static readonly string[] Letters = ["a", "b", "c"];

    /// <summary>Tables whose merges build on each other in any order, over three letters; a fourth is in no vocabulary.</summary>
    private static readonly Gen<(Dictionary<string, int> Vocabulary, List<string> Merges)> Tables = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 12].Select(picks =>
    {
        var tokens = new List<string>(Letters);
        var merges = new List<string>();
        foreach (var (left, right) in picks)
        {
            var (one, other) = (tokens[left % tokens.Count], tokens[right % tokens.Count]);
            if (one.Length + other.Length > 12 || merges.Contains($"{one} {other}"))
                continue;
            merges.Add($"{one} {other}");
            if (!tokens.Contains(one + other))
                tokens.Add(one + other);
        }

        return (tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id), merges);
    });

    [Fact]
    public void Merge_AnyTableAndPiece_IsWhatTheShortWayGives() => Gen.Select(Tables, Gen.Char["abcd"].Array[0, 60]).Sample((table, piece) =>
    {
        var text = new string(piece);
        var found = new List<int>();
        new MergeModel(table.Vocabulary, table.Merges, ignoreMerges: false).Encode(text, found);
        return found.SequenceEqual(new LongPieceMerger(table.Vocabulary, table.Merges).Merge(text));
    });

    [Fact]
    public void Merge_MillionLetters_TakesNoSquareOfTheirTime()
    {
        var merger = new LongPieceMerger(new() { ["a"] = 0, ["aa"] = 1, ["aaaa"] = 2 }, ["a a", "aa aa"]);
        var ids = merger.Merge(new string('a', 1_000_003));
        Assert.Equal((250_002, 2, 1, 0), (ids.Length, ids[0], ids[^2], ids[^1]));
    }
}
