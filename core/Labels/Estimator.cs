namespace GenPrm.Core.Labels;

/// <summary>How a step's label follows from the Monte Carlo scores before and after it (section 4, tables 3 and 4 of the paper).</summary>
public enum Estimator
{
    /// <summary>Relative progress estimation, eq. 10 and 11: <c>MC(s_t, a_t) / MC(s_t) >= epsilon</c>.</summary>
    Ratio,

    /// <summary><c>MC(s_t, a_t) - MC(s_t) >= epsilon</c>; epsilon is negative.</summary>
    Difference,

    /// <summary><c>MC(s_t, a_t) > 0</c>.</summary>
    Hard,
}

/// <summary>Which estimate of <c>MC(s_1)</c> is the denominator of step 1.</summary>
public enum StartEstimate
{
    /// <summary>The policy's share of correct rollouts among all that were sampled (eq. 10).</summary>
    Policy,

    /// <summary>The completer's own share from the bare problem.</summary>
    Completer,
}
