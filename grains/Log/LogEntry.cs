using GenPrm.Core.Samples;

namespace GenPrm.Grains.Log;

/// <summary>One entry of a sample log.</summary>
/// <param name="Number">Its place, from 1, without gaps.</param>
/// <param name="Sample">The sample.</param>
[GenerateSerializer, Immutable, Alias("genprm.log-entry")]
public sealed record LogEntry([property: Id(0)] long Number, [property: Id(1)] Sample Sample);
