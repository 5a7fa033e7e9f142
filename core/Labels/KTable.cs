namespace GenPrm.Core.Labels;

/// <summary>Completions a step by the estimated Pass@1 <c>MC(s_1)</c> (section 3): many where right answers are rare.</summary>
/// <param name="Hard">K for MC below <paramref name="HardBelow"/>.</param>
/// <param name="Medium">K between the two bounds.</param>
/// <param name="Easy">K from <paramref name="EasyFrom"/> on.</param>
/// <param name="HardBelow">The lower bound, exact: 0.1 itself is medium.</param>
/// <param name="EasyFrom">The upper bound, exact: 0.9 itself is easy.</param>
[GenerateSerializer, Immutable, Alias("genprm.k-table")]
public sealed record KTable(
    [property: Id(0)] int Hard,
    [property: Id(1)] int Medium,
    [property: Id(2)] int Easy,
    [property: Id(3)] decimal HardBelow,
    [property: Id(4)] decimal EasyFrom)
{
    /// <summary>The paper's table.</summary>
    public static readonly KTable Paper = new(128, 64, 32, 0.1m, 0.9m);

    /// <summary>K for a problem.</summary>
    /// <param name="passAtOne"><c>MC(s_1)</c>, as it was when sampling ended.</param>
    public int For(Share passAtOne) => passAtOne.IsBelow(HardBelow) ? Hard : passAtOne.IsBelow(EasyFrom) ? Medium : Easy;
}
