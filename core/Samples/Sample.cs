using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;

namespace GenPrm.Core.Samples;

/// <summary>What a sample is made of, and its identity in the log: <c>JOB/1/17/r3/v0</c>.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Labelling">The labelling's number.</param>
/// <param name="Problem">The problem's ordinal.</param>
/// <param name="Rollout">The rollout's index.</param>
/// <param name="Rationale">The rationale's number at the rollout, from 0.</param>
[GenerateSerializer, Immutable, Alias("genprm.sample-id")]
public sealed record SampleId(
    [property: Id(0)] string Job,
    [property: Id(1)] int Labelling,
    [property: Id(2)] int Problem,
    [property: Id(3)] int Rollout,
    [property: Id(4)] int Rationale)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Job}/{Labelling}/{Problem}/r{Rollout}/v{Rationale}");
}

/// <summary>One turn of a sample.</summary>
/// <param name="Message">Role and text.</param>
/// <param name="Trained">The stretches of the text that the loss is taken on, in order, in UTF-16 units: none for system and user, all but the
/// <c>[Code Output]</c> blocks for the assistant.</param>
[GenerateSerializer, Immutable, Alias("genprm.sample-turn")]
public sealed record SampleTurn([property: Id(0)] ChatMessage Message, [property: Id(1)] ImmutableArray<TextSpan> Trained)
{
    /// <summary>A turn that is read and not learnt.</summary>
    public static SampleTurn Untrained(ChatMessage message) => new(message, []);
}

/// <summary>One verified training sample: a conversation in the form that GenPRM models use at inference (section 7).</summary>
/// <param name="Id">Its identity.</param>
/// <param name="ProblemId">The problem's id in its file.</param>
/// <param name="Turns">System, then a user and an assistant turn for each paragraph judged.</param>
/// <param name="Labels">r_1 .. r_j, one for each assistant turn; only the last may be false.</param>
[GenerateSerializer, Immutable, Alias("genprm.sample")]
public sealed record Sample(
    [property: Id(0)] SampleId Id,
    [property: Id(1)] string ProblemId,
    [property: Id(2)] ImmutableArray<SampleTurn> Turns,
    [property: Id(3)] ImmutableArray<bool> Labels);
