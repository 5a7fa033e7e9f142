namespace GenPrm.Client.Doctor;

/// <summary>How one thing that genprm needs stands.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="State">Whether it will do.</param>
/// <param name="Found">What was seen, with its value.</param>
/// <param name="Remedy">What to type or change; null when nothing needs to be done.</param>
public sealed record Finding(string Check, FindingState State, string Found, string? Remedy = null);

public enum FindingState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Missing, and set up when a command needs it.</summary>
    SetUpWhenNeeded,

    /// <summary>In the way of every job.</summary>
    Wrong,
}
