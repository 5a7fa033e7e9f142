using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>Sampling on a CPU, row by row while a row's logits stay in cache, rows shared among threads.</summary>
/// <remarks>Nothing is sorted but what lies at the border of what top-k and top-p keep: a histogram of logits finds the border first.</remarks>
internal sealed unsafe class CpuSampler<T> : ISampler
    where T : unmanaged, IElement<T>
{
    /// <summary>Tokens whose weights are summed together.</summary>
    private const int Block = 256;

    public Drawn[] Choose(Tensor logits, IReadOnlyList<Draw> draws)
    {
        using var contiguous = logits.contiguous();
        var vocabulary = (int)contiguous.shape[1];
        var data = (T*)NativeTorch.DataOf(contiguous);
        var drawn = new Drawn[draws.Count];
        ThreadTeam.For(draws.Count, row =>
        {
            var padded = (vocabulary + Block - 1) / Block * Block;
            var memory = (float*)NativeMemory.AlignedAlloc((nuint)padded * 2 * sizeof(float), 64);
            try
            {
                drawn[row] = Choose(data + ((long)row * vocabulary), vocabulary, new Span<float>(memory, padded), new Span<float>(memory + padded, padded), draws[row]);
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        });
        return drawn;
    }

    private static Drawn Choose(T* source, int vocabulary, Span<float> logits, Span<float> weights, Draw draw)
    {
        var largest = Widen(source, vocabulary, logits);
        if (!float.IsFinite(largest))
            return Drawn.Broken;
        var token = draw.Forced >= 0 ? draw.Forced
            : draw.TakesMostProbable ? logits.IndexOf(largest)
            : Sample(logits, weights, largest, draw);
        if (token < 0)
            return Drawn.Broken;
        if (!draw.LogProbability)
            return new Drawn(token, 0);
        Span<double> sums = stackalloc double[logits.Length / Block];
        var total = Weights(logits, weights, largest, 1, sums);
        var shift = largest + Math.Log(total);
        return new Drawn(token, (float)(logits[token] - shift), draw.Best == 0 ? null : Best(logits[..vocabulary], draw.Best, shift));
    }

    private static RankedToken[] Best(ReadOnlySpan<float> logits, int count, double shift)
    {
        // The least probable of those kept is the first to go.
        var kept = new PriorityQueue<int, (float Logit, int Place)>(count + 1);
        for (var token = 0; token < logits.Length; token++)
        {
            if (kept.Count < count)
                kept.Enqueue(token, (logits[token], -token));
            else if (kept.TryPeek(out _, out var least) && logits[token] > least.Logit)
                kept.EnqueueDequeue(token, (logits[token], -token));
        }
        var best = new RankedToken[kept.Count];
        for (var place = best.Length - 1; place >= 0; place--)
        {
            var token = kept.Dequeue();
            best[place] = new RankedToken(token, (float)(logits[token] - shift));
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sample(Span<float> logits, Span<float> weights, float largest, Draw draw)
    {
        Span<double> sums = stackalloc double[logits.Length / Block];
        var total = Weights(logits, weights, largest, draw.Temperature, sums);
        if (draw.TopK > 0 || draw.TopP < 1)
        {
            total = Filter(weights, total, draw);
            for (var block = 0; block < sums.Length; block++)
                sums[block] = Sum(weights.Slice(block * Block, Block));
            total = 0;
            foreach (var sum in sums)
                total += sum;
        }
        // The block that the place falls into, then the token in it.
        var place = draw.Uniform * total;
        var chosen = 0;
        while (chosen < sums.Length - 1 && place >= sums[chosen])
            place -= sums[chosen++];
        var last = -1;
        for (var at = chosen * Block; at < (chosen + 1) * Block; at++)
        {
            if (weights[at] == 0)
                continue;
            last = at;
            place -= weights[at];
            if (place < 0)
                return at;
        }
        // Sums of the same numbers in another order may differ in the last place: the last token that has a weight at all.
        return last >= 0 ? last : weights.LastIndexOfAnyExcept(0f);
    }

    /// <summary>Sets weights to 0 that top-k, and then top-p of what is left, do not keep.</summary>
    /// <returns>About the sum of those kept.</returns>
    private static double Filter(Span<float> weights, double total, Draw draw)
    {
        if (draw.TopK > 0 && draw.TopK < weights.Length)
            total = Keep(weights, draw.TopK, double.PositiveInfinity);
        return draw.TopP < 1 ? Keep(weights, int.MaxValue, draw.TopP * total) : total;
    }

    /// <summary>Keeps the largest weights, of equal ones the earlier, until they are so many or reach such a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Keep(Span<float> weights, int most, double share)
    {
        // Positive floats are ordered like their bits: the upper bits are a histogram's bins, 128 to every doubling.
        const int Shift = 16;
        var counts = new int[(0x3F800000 >> Shift) + 1]; // weights are at most 1
        var masses = new double[counts.Length];
        var bits = MemoryMarshal.Cast<float, int>(weights);
        for (var at = 0; at < weights.Length; at++)
        {
            if (bits[at] == 0)
                continue;
            var bin = Math.Min(bits[at] >> Shift, counts.Length - 1);
            counts[bin]++;
            masses[bin] += weights[at];
        }
        var border = counts.Length - 1;
        var (kept, sum) = (0, 0.0);
        while (border > 0 && kept + counts[border] < most && sum + masses[border] < share)
        {
            kept += counts[border];
            sum += masses[border--];
        }
        // Inside the border's bin the order counts.
        var candidates = new List<(float Weight, int Token)>(counts[border]);
        for (var at = 0; at < weights.Length; at++)
        {
            var bin = Math.Min(bits[at] >> Shift, counts.Length - 1);
            if (bin < border)
                weights[at] = 0;
            else if (bin == border && bits[at] != 0)
                candidates.Add((weights[at], at));
        }
        candidates.Sort((left, right) => (-left.Weight, left.Token).CompareTo((-right.Weight, right.Token)));
        foreach (var (weight, token) in candidates)
        {
            if (kept < most && sum < share)
                (kept, sum) = (kept + 1, sum + weight);
            else
                weights[token] = 0;
        }
        return sum;
    }

    /// <summary>Logits as f32, filled up with -infinity; gives the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Widen(T* source, int count, Span<float> logits)
    {
        var most = Vector512.Create(float.NegativeInfinity);
        var at = 0;
        for (; at + 16 <= count; at += 16)
        {
            var x = T.Load(source + at);
            most = Vector512.Max(most, x);
            x.CopyTo(logits[at..]);
        }
        var largest = VectorMath.Largest(most);
        for (; at < count; at++)
        {
            logits[at] = T.LoadOne(source + at);
            largest = Math.Max(largest, logits[at]);
        }
        logits[count..].Fill(float.NegativeInfinity);
        return largest;
    }

    /// <summary>e to the power of (logit - largest) / temperature, its sum in each block, and in all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Weights(Span<float> logits, Span<float> weights, float largest, double temperature, Span<double> sums)
    {
        Vector512<float> shift = Vector512.Create(largest), scale = Vector512.Create((float)(1 / temperature));
        var total = 0.0;
        for (var block = 0; block < sums.Length; block++)
        {
            var sum = Vector512<float>.Zero;
            for (var at = block * Block; at < (block + 1) * Block; at += 16)
            {
                var weight = VectorMath.Exp((Vector512.Create<float>(logits[at..]) - shift) * scale);
                weight.CopyTo(weights[at..]);
                sum += weight;
            }
            total += sums[block] = Vector512.Sum(sum);
        }
        return total;
    }

    private static double Sum(Span<float> weights)
    {
        var sum = Vector512<float>.Zero;
        for (var at = 0; at < weights.Length; at += 16)
            sum += Vector512.Create<float>(weights[at..]);
        return Vector512.Sum(sum);
    }
}
