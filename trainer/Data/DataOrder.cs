using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenPrm.Core.Identity;

namespace GenPrm.Trainer.Data;

/// <summary>Which samples are trained, and in which order: pure functions of sequence numbers, seed and problem.</summary>
/// <remarks>Samples are cut into windows of a fixed size by their number; inside a window they are shuffled by seed, epoch and window.
/// So a live log, which only grows, gives the same order however often and whenever it is read.</remarks>
/// <param name="Seed">The run's.</param>
/// <param name="WindowSize">Samples a window, at least 1.</param>
/// <param name="HeldOutShare">The share of problems that are never trained, from 0 to below 1.</param>
public sealed record DataOrder(ulong Seed, int WindowSize, double HeldOutShare)
{
    /// <summary>The order of a window's samples: a permutation of 0 .. count - 1.</summary>
    public ImmutableArray<int> Shuffle(int epoch, long window, int count)
    {
        var stream = new RandomStream(RandomStream.SeedOf(Seed, string.Create(CultureInfo.InvariantCulture, $"train/epoch-{epoch}/window-{window}")));
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = stream.NextInt32(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return [.. order];
    }

    /// <summary>Whether a problem's samples are held out for evaluation. Other seeds hold out the same problems.</summary>
    public bool IsHeldOut(string problem)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(problem));
        return BitConverter.ToUInt64(hash) / (double)ulong.MaxValue < HeldOutShare;
    }
}
