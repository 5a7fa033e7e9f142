using System.Collections.Immutable;
using GenPrm.Core.Identity;

namespace GenPrm.Lab.World;

/// <summary>The world's numbers: a start value and a few additions and subtractions, of whose sums only the last digits are kept.</summary>
public sealed record LabWorld
{
    /// <summary>The largest number that is added or subtracted.</summary>
    internal const int MaxOperand = 9;

    /// <summary>Digits that are kept, 1 or 2. Two make sums that a small model is bad at in its head.</summary>
    public int Digits { get; init; } = 1;

    public int MinOperations { get; init; } = 3;

    /// <summary>At most 9: operations are named by letters, steps by one digit.</summary>
    public int MaxOperations { get; init; } = 5;

    /// <summary>What results are taken modulo.</summary>
    public int Modulus => LabProblem.ModulusOf(Digits);

    /// <summary>A problem, drawn from a stream.</summary>
    public LabProblem Draw(ref RandomStream random)
    {
        var start = random.NextInt32(Modulus);
        var count = MinOperations + random.NextInt32(MaxOperations - MinOperations + 1);
        var operations = ImmutableArray.CreateBuilder<int>(count);
        for (var i = 0; i < count; i++)
        {
            var size = 1 + random.NextInt32(MaxOperand);
            operations.Add(random.NextInt32(2) == 0 ? size : -size);
        }

        return new(Digits, start, operations.MoveToImmutable());
    }

    /// <summary>A problem for a lesson: never one of those that <see cref="DrawMany"/> gives.</summary>
    public LabProblem DrawForLesson(ref RandomStream random)
    {
        while (true)
        {
            var problem = Draw(ref random);
            if (!IsKeptFromLessons(problem))
                return problem;
        }
    }

    /// <summary>Distinct problems that no lesson shows, and that no other list of another purpose is likely to share: a purpose has its own stream.</summary>
    /// <param name="seed">The lab's seed.</param>
    /// <param name="purpose">Such as <c>job</c> or <c>evaluation</c>.</param>
    /// <param name="count">How many; well below half of the world's problems.</param>
    public ImmutableArray<LabProblem> DrawMany(ulong seed, string purpose, int count)
    {
        var random = new RandomStream(RandomStream.SeedOf(seed, $"problems/{purpose}"));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<LabProblem>(count);
        while (problems.Count < count)
        {
            var problem = Draw(ref random);
            if (IsKeptFromLessons(problem) && seen.Add(problem.Text))
                problems.Add(problem);
        }

        return problems.MoveToImmutable();
    }

    /// <summary>By its text alone: half of the world's problems are seen by no model before a job or an evaluation asks them.</summary>
    internal static bool IsKeptFromLessons(LabProblem problem) => RandomStream.SeedOf(0, problem.Text) % 2 == 0;
}
