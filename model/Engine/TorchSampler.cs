using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>Sampling in torch's own operations, on any device; rows with the same settings together.</summary>
internal sealed class TorchSampler : ISampler
{
    public Drawn[] Choose(Tensor logits, IReadOnlyList<Draw> draws)
    {
        using var scope = NewDisposeScope();
        var chosen = new long[draws.Count];
        var groups = Enumerable.Range(0, draws.Count).GroupBy(row => (draws[row].Forced >= 0, Temperature: draws[row].TakesMostProbable ? 0 : draws[row].Temperature, draws[row].TopP, draws[row].TopK));
        foreach (var group in groups)
        {
            int[] rows = [.. group];
            if (group.Key.Item1)
            {
                foreach (var row in rows)
                    chosen[row] = draws[row].Forced;
                continue;
            }
            var part = logits.index_select(0, tensor(Array.ConvertAll(rows, row => (long)row), device: logits.device)).to_type(ScalarType.Float64);
            var tokens = group.Key.Temperature == 0 ? part.argmax(-1) : Sampled(part, [.. rows.Select(row => draws[row])]);
            var found = tokens.cpu().data<long>().ToArray();
            for (var index = 0; index < rows.Length; index++)
                chosen[rows[index]] = found[index];
        }
        var logs = draws.Any(draw => draw.LogProbability) ? LogProbabilities(logits, chosen) : new float[draws.Count];
        // One that is no number spreads to the largest.
        var isNumber = logits.amax([-1L]).isfinite().cpu().data<bool>().ToArray();
        return [.. draws.Select((draw, row) => isNumber[row]
            ? new Drawn((int)chosen[row], draw.LogProbability ? logs[row] : 0, draw.Best == 0 ? null : Best(logits[row], draw.Best))
            : Drawn.Broken)];
    }

    private static RankedToken[] Best(Tensor logits, int count)
    {
        var (best, ids) = logits.to_type(ScalarType.Float32).log_softmax(-1).topk((int)Math.Min(count, logits.shape[0]), -1);
        return [.. ids.cpu().data<long>().Zip(best.cpu().data<float>(), (id, log) => new RankedToken((int)id, log))
            .OrderByDescending(token => token.LogProbability).ThenBy(token => token.Token)];
    }

    /// <param name="logits">Written over.</param>
    private static Tensor Sampled(Tensor logits, Draw[] draws)
    {
        var (temperature, topP, topK) = (draws[0].Temperature, draws[0].TopP, draws[0].TopK);
        var probabilities = logits.DivideInPlace(temperature).softmax(-1); // [R, V]
        if (topK > 0 && topK < probabilities.shape[1])
        {
            var (best, ids) = probabilities.topk(topK, -1);
            probabilities = zeros_like(probabilities).scatter(-1, ids, best);
        }
        if (topP < 1)
        {
            var (sorted, ids) = probabilities.sort(-1, descending: true, stable: true);
            // A token stays if those before it do not reach the share yet: the first always does.
            var before = sorted.cumsum(-1) - sorted;
            sorted = sorted.Masked(before >= sorted.sum(-1, keepdim: true).MultiplyInPlace(topP), 0);
            probabilities = zeros_like(probabilities).scatter(-1, ids, sorted);
        }
        var ends = probabilities.cumsum(-1);
        var total = ends.narrow(-1, -1, 1);
        var places = tensor(Array.ConvertAll(draws, draw => draw.Uniform), [draws.Length, 1], device: logits.device) * total;
        return searchsorted(ends, places, right: true).squeeze(-1).AtMost(logits.shape[1] - 1);
    }

    private static float[] LogProbabilities(Tensor logits, long[] chosen)
    {
        var wide = logits.to_type(ScalarType.Float32);
        var ids = tensor(chosen, [chosen.Length, 1], device: logits.device);
        return (wide.gather(-1, ids) - wide.logsumexp(-1, keepdim: true)).squeeze(-1).cpu().data<float>().ToArray();
    }
}
