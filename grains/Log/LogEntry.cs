namespace GenPrm.Grains.Log;

/// <summary>One entry of a sample log.</summary>
/// <param name="Number">Its place, from 1, without gaps.</param>
/// <param name="Id">The sample's identity: job / labelling / problem / rollout / rationale.</param>
/// <param name="Sample">The sample as it was stored.</param>
[GenerateSerializer, Immutable, Alias("genprm.log-entry")]
public sealed record LogEntry([property: Id(0)] long Number, [property: Id(1)] string Id, [property: Id(2)] byte[] Sample);
