namespace GenPrm.Core.Rollouts;

/// <summary>Where a problem stands. The last four are ends.</summary>
public enum ProblemClass
{
    /// <summary>Its turn has not come.</summary>
    Queued,

    /// <summary>Rollouts are being sampled.</summary>
    Sampling,

    /// <summary>Steps are being scored and rationales written.</summary>
    Estimating,

    /// <summary>All of its kept rollouts have ended.</summary>
    Done,

    /// <summary>No correct rollout among all that may be sampled.</summary>
    TooHard,

    /// <summary>No incorrect rollout among all that may be sampled.</summary>
    TooEasy,

    /// <summary>It could not be done; its reason is kept and it can be queued again.</summary>
    Failed,
}
