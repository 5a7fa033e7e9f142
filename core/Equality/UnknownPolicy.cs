namespace GenPrm.Core.Equality;

/// <summary>Turns a verdict into a decision, where one must be taken.</summary>
public enum UnknownPolicy
{
    /// <summary>An unknown answer counts as wrong.</summary>
    AsDifferent,

    /// <summary>An unknown answer counts as right.</summary>
    AsEqual,
}

/// <summary>Decisions by a policy.</summary>
public static class Decision
{
    /// <summary>Whether the answers count as equal.</summary>
    /// <param name="comparison">What is known.</param>
    /// <param name="policy">What an unknown counts as.</param>
    public static bool CountsAsEqual(this Comparison comparison, UnknownPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Verdict switch
        {
            Verdict.Equal => true,
            Verdict.Different => false,
            _ => policy == UnknownPolicy.AsEqual,
        };
    }
}
