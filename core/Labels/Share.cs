namespace GenPrm.Core.Labels;

/// <summary>k of n, kept as two counts so that comparisons stay exact: (15 / 100) / (12 / 64) is 0.8, but not in doubles.</summary>
/// <param name="Count">k, in 0 .. <paramref name="Of"/>.</param>
/// <param name="Of">n, above 0 for a share that was measured.</param>
[GenerateSerializer, Immutable, Alias("genprm.share")]
public readonly record struct Share([property: Id(0)] int Count, [property: Id(1)] int Of)
{
    /// <summary>For display alone; decisions use the counts.</summary>
    public double Value => Of == 0 ? double.NaN : (double)Count / Of;

    /// <summary>Whether k / n is below the bound, in exact decimals.</summary>
    public bool IsBelow(decimal bound) => Count < bound * Of;

    public override string ToString() => $"{Count}/{Of}";
}
