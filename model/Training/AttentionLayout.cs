using System.Collections.Immutable;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>How the sequences of a micro-batch are laid out for attention: in groups of like length, each padded to its longest. Few
/// large calls take a fraction of the time that a call a sequence takes.</summary>
internal sealed class AttentionLayout : IDisposable
{
    // A sequence joins a longer one's group if little is added to it: a quarter of the length, or a few tokens.
    private const double Share = 0.75;
    private const int Few = 32;

    private readonly Tensor? places; // [T]: where each token stands in the groups' rows laid end to end

    public AttentionLayout(ImmutableArray<int> lengths, Device device)
    {
        if (lengths.IsEmpty || lengths.Any(length => length < 1))
            throw new ArgumentException($"sequences have at least one token each; lengths are {string.Join(", ", lengths)}", nameof(lengths));
        using var scope = NewDisposeScope();
        var starts = new int[lengths.Length];
        for (var index = 1; index < lengths.Length; index++)
            starts[index] = starts[index - 1] + lengths[index - 1];
        Sequences = [.. lengths.Select((length, index) => (starts[index], length)).OrderByDescending(sequence => sequence.length)];
        if (lengths.All(length => length == lengths[0]))
        {
            Groups = [new(lengths.Length, lengths[0], null)];
            return;
        }

        var tokens = lengths.Sum();
        var place = new long[tokens];
        var groups = ImmutableArray.CreateBuilder<AttentionGroup>();
        long row = 0;
        foreach (var members in Grouped(lengths))
        {
            var longest = lengths[members[0]];
            var rows = new long[(long)members.Count * longest];
            Array.Fill(rows, tokens);
            for (var member = 0; member < members.Count; member++)
            {
                for (var at = 0; at < lengths[members[member]]; at++)
                {
                    rows[((long)member * longest) + at] = starts[members[member]] + at;
                    place[starts[members[member]] + at] = row + ((long)member * longest) + at;
                }
            }

            groups.Add(new(members.Count, longest, tensor(rows, device: device).DetachFromDisposeScope()));
            row += rows.Length;
        }

        Groups = groups.ToImmutable();
        places = tensor(place, device: device).DetachFromDisposeScope();
    }

    /// <summary>T</summary>
    public int TokenCount => Sequences.Sum(sequence => sequence.Length);

    /// <summary>Where each sequence's tokens begin and how many they are, the longest first.</summary>
    public ImmutableArray<(int Start, int Length)> Sequences { get; }

    public ImmutableArray<AttentionGroup> Groups { get; }

    /// <summary>Rows of the groups [B · L, ..] back in the tokens' order [T, ..]; padding falls away.</summary>
    public Tensor Gather(IEnumerable<Tensor> groups)
    {
        Tensor[] rows = [.. groups];
        return places is null ? rows[0] : (rows.Length == 1 ? rows[0] : cat(rows, 0)).index_select(0, places);
    }

    /// <summary>Rows of tokens [T, ..] as each group's [B · L, ..], with zeros as padding.</summary>
    public IEnumerable<Tensor> Scatter(Tensor rows)
    {
        if (places is null)
            return [rows];
        long[] one = [1, .. rows.shape[1..]];
        var padded = cat([rows, zeros(one, rows.dtype, rows.device)], 0);
        return Groups.Select(group => padded.index_select(0, group.Rows!));
    }

    public void Dispose()
    {
        places?.Dispose();
        foreach (var group in Groups)
            group.Dispose();
    }

    /// <summary>Indices of sequences, longest first, cut where the next is too short for the group.</summary>
    private static IEnumerable<List<int>> Grouped(ImmutableArray<int> lengths)
    {
        var members = new List<int>();
        foreach (var index in Enumerable.Range(0, lengths.Length).OrderByDescending(index => lengths[index]))
        {
            if (members.Count > 0 && lengths[index] < Math.Min(lengths[members[0]] * Share, lengths[members[0]] - Few))
            {
                yield return members;
                members = [];
            }

            members.Add(index);
        }

        yield return members;
    }
}

/// <summary>Sequences that attend in one call.</summary>
/// <param name="Count">B, how many there are.</param>
/// <param name="Length">L, of the longest.</param>
/// <param name="Rows">[B · L]: the token of each row, T for padding; null where the tokens are in order as they are.</param>
internal sealed record AttentionGroup(int Count, int Length, Tensor? Rows) : IDisposable
{
    /// <summary>The group's rows of tokens [T, ..]. Padding gets the last token's: whatever it holds, no token sees it.</summary>
    public Tensor Take(Tensor tokens) => Rows is null ? tokens : tokens.index_select(0, Rows.AtMost(tokens.shape[0] - 1));

    public void Dispose() => Rows?.Dispose();
}
