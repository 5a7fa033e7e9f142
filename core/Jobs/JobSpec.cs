using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;

namespace GenPrm.Core.Jobs;

/// <summary>The models of a job, by the names that a silo's engines are found by.</summary>
/// <param name="Policy">Writes solutions.</param>
/// <param name="Completer">Finishes partial solutions.</param>
/// <param name="Judge">Writes rationales.</param>
[GenerateSerializer, Immutable, Alias("genprm.job-models")]
public sealed record JobModels([property: Id(0)] string Policy, [property: Id(1)] string Completer, [property: Id(2)] string Judge);

/// <summary>All that a job's results depend on, its problems apart.</summary>
/// <param name="Models">Who writes.</param>
/// <param name="Parameters">How.</param>
/// <param name="Examples">Worked examples, as earlier turns before every problem.</param>
/// <param name="ProblemsDigest">What <see cref="DigestOf"/> gives for the job's problems.</param>
/// <param name="SpecialTokens">The control strings of the models; a problem or rollout that holds one is not used.</param>
[GenerateSerializer, Immutable, Alias("genprm.job-spec")]
public sealed record JobSpec(
    [property: Id(0)] JobModels Models,
    [property: Id(1)] JobParameters Parameters,
    [property: Id(2)] ImmutableArray<WorkedExample> Examples,
    [property: Id(3)] string ProblemsDigest,
    [property: Id(4)] ImmutableArray<string> SpecialTokens)
{
    /// <summary>The id of an unnamed job: 12 hex digits of a hash of problems, models, examples and parameters. The same job asked for twice has the
    /// same id and so goes on.</summary>
    public string Id() => Digest(
    [
        ProblemsDigest, Models.Policy, Models.Completer, Models.Judge,
        .. Examples.SelectMany(example => new[] { example.Problem, example.Solution }),
        .. ParameterTable.ToPairs(Parameters).Select(pair => $"{pair.Key}={pair.Value}"),
    ])[..12];

    /// <summary>A digest of problems and answers in their order.</summary>
    public static string DigestOf(IEnumerable<Problem> problems) => Digest(problems.SelectMany(problem => new[] { problem.Text, problem.Answer }));

    /// <summary>The labelling that every job begins with.</summary>
    public Labelling FirstLabelling(int checkerVersion) =>
        new(1, Parameters.Labels.Estimator, Parameters.Labels.Epsilon, Parameters.Labels.Start, Parameters.Completions.K, checkerVersion);

    private static string Digest(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))));
}
