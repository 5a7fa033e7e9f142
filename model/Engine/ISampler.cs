using GenPrm.Core.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>How one row's next token is chosen.</summary>
/// <param name="Temperature">0, and what is too small to be divided by, takes the most probable token.</param>
/// <param name="TopP">The share of probability that the most probable tokens kept must reach.</param>
/// <param name="TopK">How many most probable tokens are kept; 0 keeps all.</param>
/// <param name="Uniform">The continuation's own number in [0, 1) for this position. Kept tokens lie side by side in the order of their
/// ids, each as long as its probability; the one that this share of the whole length falls into is drawn.</param>
/// <param name="Forced">The token to take whatever the logits say, or -1.</param>
/// <param name="LogProbability">Whether the log probability is wanted.</param>
/// <param name="Best">How many of the most probable tokens are wanted with theirs, too.</param>
internal readonly record struct Draw(double Temperature, double TopP, int TopK, double Uniform, int Forced, bool LogProbability, int Best = 0)
{
    public bool TakesMostProbable => Temperature < Sampling.LeastTemperature;
}

/// <summary>A chosen token, and the natural log of its probability before temperature and filters (0 if not asked for).</summary>
/// <param name="Best">The most probable tokens, the most probable first, of equal ones the earlier; null if not asked for.</param>
internal readonly record struct Drawn(int Token, float LogProbability, RankedToken[]? Best = null)
{
    /// <summary>The row's logits are not numbers, so that nothing could be chosen: this row's trouble, and no other's.</summary>
    public static readonly Drawn Broken = new(-1, 0);

    public bool IsBroken => Token < 0;
}

/// <summary>A token and the natural log of its probability before temperature and filters.</summary>
internal readonly record struct RankedToken(int Token, float LogProbability);

/// <summary>Chooses tokens. A seam: torch's operations on any device, one pass over memory on a CPU.</summary>
internal interface ISampler
{
    /// <param name="logits">[rows, vocabulary]</param>
    /// <param name="draws">One for each row.</param>
    Drawn[] Choose(Tensor logits, IReadOnlyList<Draw> draws);
}
