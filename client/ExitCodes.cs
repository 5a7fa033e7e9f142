namespace GenPrm.Client;

/// <summary>What the <c>genprm</c> process says when it ends. The README repeats this table.</summary>
public static class ExitCodes
{
    /// <summary>It did what was asked.</summary>
    public const int Done = 0;

    /// <summary>It could not; the message says why and what to do.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the job file is not right.</summary>
    public const int Usage = 2;

    /// <summary>The job ended, and some of its problems failed; <c>genprm requeue</c> gives them another try.</summary>
    public const int ProblemsFailed = 3;

    /// <summary>A check (<c>doctor</c>, <c>model check</c>) found something wrong.</summary>
    public const int CheckFailed = 4;

    /// <summary>The store or the cluster can not be reached, or another program version holds it.</summary>
    public const int Unavailable = 5;

    /// <summary>Stopped before the job's end, in order: by Ctrl-C, a termination signal, or a pause from elsewhere.</summary>
    public const int Interrupted = 130;
}
