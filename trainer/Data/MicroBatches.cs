using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>Cuts a step's sequences into micro-batches that fit in memory. The loss does not depend on the cut.</summary>
public static class MicroBatches
{
    /// <summary>Packs sequences in their order.</summary>
    /// <param name="samples">The step's samples.</param>
    /// <param name="tokens">The most tokens of a micro-batch; a longer sequence is one by itself.</param>
    public static IReadOnlyList<MicroBatch> Pack(IEnumerable<EncodedSample> samples, int tokens)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var batches = new List<MicroBatch>();
        var open = new List<TrainingSequence>();
        foreach (var sequence in samples.SelectMany(sample => sample.Sequences).Where(sequence => !sequence.Targets.IsEmpty))
        {
            if (open.Count > 0 && open.Sum(one => one.Tokens.Length) + sequence.Tokens.Length > tokens)
            {
                batches.Add(MicroBatch.Pack(open));
                open.Clear();
            }

            open.Add(sequence);
        }

        if (open.Count > 0)
            batches.Add(MicroBatch.Pack(open));
        return batches;
    }
}
