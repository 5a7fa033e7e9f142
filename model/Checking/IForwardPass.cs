namespace GenPrm.Model.Checking;

/// <summary>What a check needs of a model: the logits at every position of one sequence.</summary>
public interface IForwardPass : IDisposable
{
    /// <summary>The logits after each position.</summary>
    /// <param name="ids">The sequence, from its first position on.</param>
    /// <param name="row">Called for each position in order, with its logits over the vocabulary; they are valid during the call only.</param>
    void Run(ReadOnlySpan<int> ids, LogitsRow row);
}

/// <param name="position">From 0.</param>
/// <param name="logits">One for each token of the vocabulary.</param>
public delegate void LogitsRow(int position, ReadOnlySpan<float> logits);
