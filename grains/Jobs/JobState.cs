namespace GenPrm.Grains.Jobs;

/// <summary>Where a job is in its life.</summary>
public enum JobState
{
    /// <summary>There is no job of this name.</summary>
    Unknown,

    /// <summary>Its problems are being handed in; it does not work yet.</summary>
    Loading,

    /// <summary>It works.</summary>
    Running,

    /// <summary>A user paused it: nothing new is asked for, what is under way is taken in.</summary>
    Paused,

    /// <summary>Every problem has ended.</summary>
    Done,

    /// <summary>A user ended it: what was made stays readable, problems without an end are counted as cancelled.</summary>
    Cancelled,
}
