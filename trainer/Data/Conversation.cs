using System.Collections.Immutable;
using GenPrm.Core.Samples;

namespace GenPrm.Trainer.Data;

/// <summary>A sample as the trainer sees it, from a log or a file.</summary>
/// <param name="Id">For messages.</param>
/// <param name="Problem">What the held-out share is chosen by: samples of one problem are all held out or all trained.</param>
/// <param name="Turns">The conversation with its trained stretches.</param>
/// <param name="Labels">One for each assistant turn; empty where the file has none.</param>
public sealed record Conversation(string Id, string Problem, ImmutableArray<SampleTurn> Turns, ImmutableArray<bool> Labels)
{
    /// <summary>A sample of a job's log.</summary>
    public static Conversation Of(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return new(sample.Id.ToString(), $"{sample.Id.Job}/{sample.Id.Problem}", sample.Turns, sample.Labels);
    }
}
