namespace GenPrm.Core.Samples;

/// <summary>What became of one rationale under one labelling. Every rationale ends in one of these.</summary>
public enum SampleClass
{
    /// <summary>It agrees with the labels and is a sample.</summary>
    Accepted,

    /// <summary>The judge's first wrong paragraph is not the labels' first wrong step (section 6).</summary>
    Disagreed,

    /// <summary>The rationale named no index.</summary>
    NoIndex,

    /// <summary>It agrees, but a paragraph that is to be trained on has no section or no analysis.</summary>
    NoAnalysis,

    /// <summary>It agrees, but a paragraph that is to be trained on has no code that ran.</summary>
    NoCode,

    /// <summary>It agrees, but a section does not have the form that a turn is made from.</summary>
    Malformed,

    /// <summary>The rationale could not be made.</summary>
    Failed,
}

/// <summary>The filter's decision on a rationale. Closed.</summary>
public abstract record SampleOutcome(SampleClass Class)
{
    /// <summary>It became a sample.</summary>
    public sealed record Accepted(Sample Sample) : SampleOutcome(SampleClass.Accepted);

    /// <summary>It did not; the reason says what was found.</summary>
    public sealed record Discarded(SampleClass Class, string Reason) : SampleOutcome(Class);
}
