using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Identity;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Lessons;

/// <summary>Lessons without an end, each a function of the seed and its number: a trainer reads as many as it makes steps for.</summary>
public sealed class LessonSource(Func<long, Conversation> lesson) : ISampleSource
{
    /// <summary>There is always one more.</summary>
    public long? Count => null;

    public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken) =>
        Task.FromResult(Enumerable.Range(0, size).Select(i => lesson((window * size) + i)).ToImmutableArray());

    /// <summary>A policy's lessons.</summary>
    public static LessonSource Policy(LabWorld world, SlipShares slips, ulong seed) => new(number =>
    {
        var (id, random) = Start("policy", number, seed);
        var problem = world.Draw(ref random);
        return PolicyLesson.Of(id, problem, WrittenSolution.Write(problem, slips, ref random));
    });

    /// <summary>A teacher's lessons: both forms in turn.</summary>
    /// <param name="faults">The share of critiques with one fault.</param>
    public static LessonSource Teacher(LabWorld world, SlipShares slips, double faults, ulong seed) => new(number =>
    {
        var (id, random) = Start("teacher", number, seed);
        var problem = world.Draw(ref random);
        var solution = WrittenSolution.Write(problem, slips, ref random);
        var judged = JudgedStep.Judge(problem, solution.Steps, Fault.Draw(problem, solution, faults, ref random), ref random);
        return number % 2 == 0 ? TeacherLesson.Critique(id, problem, solution.Steps, judged) : TeacherLesson.Dialogue(id, problem, solution.Steps, judged);
    });

    /// <summary>Lessons for a judge that is asked in every mode of table 5: conversations without a fault that hold analysis and code, analysis alone, or code alone, in turn.</summary>
    public static LessonSource Modes(LabWorld world, SlipShares slips, ulong seed) => new(number =>
    {
        var (id, random) = Start("modes", number, seed);
        var problem = world.Draw(ref random);
        var solution = WrittenSolution.Write(problem, slips, ref random);
        var judged = JudgedStep.Judge(problem, solution.Steps, null, ref random);
        return TeacherLesson.Dialogue(id, problem, solution.Steps, judged, (CritiqueParts)(number % 3));
    });

    /// <summary>Lessons for a policy that is sent a step back: rewriting and, in turn, solving as before.</summary>
    public static LessonSource Rewrites(LabWorld world, SlipShares slips, ulong seed) => new(number =>
    {
        var (id, random) = Start("rewrites", number, seed);
        var problem = world.Draw(ref random);
        if (number % 2 == 0)
            return PolicyLesson.Of(id, problem, WrittenSolution.Write(problem, slips, ref random));
        var wrong = WrittenSolution.Write(problem, new(1, 0), ref random);
        var step = wrong.Slip!.Value;
        var analysis = JudgedStep.Judge(problem, wrong.Steps, null, ref random)[step].Analysis;
        return PolicyLesson.Rewrite(id, problem, wrong, step, analysis, WrittenSolution.Write(problem, new(0, 0), ref random));
    });

    private static (string Id, RandomStream Random) Start(string kind, long number, ulong seed)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{kind}/{number}");
        return (id, new RandomStream(RandomStream.SeedOf(seed, $"lessons/{id}")));
    }
}
