using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>What a block keeps between forward and backward.</summary>
/// <param name="Attention">Rotated queries and keys, values, output.</param>
/// <param name="InputScale">1 / rms of the input's rows.</param>
/// <param name="Heads">Queries, keys and values before their norms [T, H + 2·G, D]; null where there are no such norms.</param>
/// <param name="QueryScale">1 / rms of each query.</param>
/// <param name="KeyScale">1 / rms of each key.</param>
/// <param name="Middle">The residual stream behind attention.</param>
/// <param name="PostScale">1 / rms of its rows.</param>
/// <param name="GateUp">Gate and up before the gate [T, 2·I].</param>
internal sealed record BlockActivations(
    PackedAttention Attention, Tensor InputScale, Tensor? Heads, Tensor? QueryScale, Tensor? KeyScale, Tensor Middle, Tensor PostScale, Tensor GateUp) : IDisposable
{
    public PackedAttention Attention { get; } = Attention;

    public Tensor InputScale { get; } = InputScale.DetachFromDisposeScope();

    public Tensor? Heads { get; } = Heads?.DetachFromDisposeScope();

    public Tensor? QueryScale { get; } = QueryScale?.DetachFromDisposeScope();

    public Tensor? KeyScale { get; } = KeyScale?.DetachFromDisposeScope();

    public Tensor Middle { get; } = Middle.DetachFromDisposeScope();

    public Tensor PostScale { get; } = PostScale.DetachFromDisposeScope();

    public Tensor GateUp { get; } = GateUp.DetachFromDisposeScope();

    public void Dispose()
    {
        Attention.Dispose();
        InputScale.Dispose();
        Heads?.Dispose();
        QueryScale?.Dispose();
        KeyScale?.Dispose();
        Middle.Dispose();
        PostScale.Dispose();
        GateUp.Dispose();
    }
}
