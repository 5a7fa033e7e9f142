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
    /// <param name="clean">So many lessons come first without a slip: sums are learnt in a fraction of the steps that they take when some of them are wrong.</param>
    public static LessonSource Policy(LabWorld world, SlipShares slips, long clean, ulong seed) => new(number =>
    {
        var (id, random) = Start("policy", number, seed);
        var problem = world.DrawForLesson(ref random);
        return PolicyLesson.Of(id, problem, WrittenSolution.Write(problem, number < clean ? new(0, 0) : slips, ref random));
    });

    /// <summary>A teacher's lessons: both forms in turn.</summary>
    /// <param name="faults">The share of critiques with one fault.</param>
    /// <param name="clean">So many lessons come first without a fault, of erratic solutions, and critiques go on behind wrong steps: only where a paragraph's result
    /// differs from the judge's own is reading it learnt, and with one such place a lesson some seeds never learn it.</param>
    /// <param name="erratic">The share of wrong results in those.</param>
    public static LessonSource Teacher(LabWorld world, SlipShares slips, double faults, long clean, double erratic, ulong seed) => new(number =>
    {
        var (id, random) = Start("teacher", number, seed);
        var problem = world.DrawForLesson(ref random);
        var (steps, judged) = number < clean ? Erratic(problem, erratic, ref random) : Written(problem, slips, faults, ref random);
        return number % 2 == 0 ? TeacherLesson.Critique(id, problem, steps, judged) : TeacherLesson.Dialogue(id, problem, steps, judged);
    });

    /// <summary>Lessons for a judge that is asked in every mode of table 5: conversations whose judgements are all right, with analysis and code, analysis alone, or code alone, in turn.</summary>
    /// <param name="first">So many lessons come first that are of erratic solutions, every step of them judged, as a teacher's first ones are.</param>
    /// <param name="erratic">The share of wrong results in those.</param>
    /// <param name="mistaken">The share of analyses with code behind them whose result and finding go wrong, unlearnt, for the code to put right: where both always say the same, a
    /// judge need not look at what the code prints.</param>
    public static LessonSource Modes(LabWorld world, SlipShares slips, long first, double erratic, double mistaken, ulong seed) => new(number =>
    {
        var (id, random) = Start("modes", number, seed);
        var problem = world.DrawForLesson(ref random);
        var (steps, judged) = number < first ? Erratic(problem, erratic, ref random) : Written(problem, slips, faults: null, ref random);
        return ModesLesson.Of(id, problem, steps, judged, Analysed(problem, judged, mistaken, ref random), (CritiqueParts)(number % 3));
    });

    /// <summary>Lessons for a policy that is sent a step back: rewriting and, in turn, solving as before. A solution written again is right at the step that was
    /// sent back, and slips elsewhere as often as ever.</summary>
    public static LessonSource Rewrites(LabWorld world, SlipShares slips, ulong seed) => new(number =>
    {
        var (id, random) = Start("rewrites", number, seed);
        var problem = world.DrawForLesson(ref random);
        if (number % 2 == 0)
            return PolicyLesson.Of(id, problem, WrittenSolution.Write(problem, slips, ref random));
        var wrong = WrittenSolution.Write(problem, slips with { Slips = 1 }, ref random);
        var step = wrong.Slip!.Value;
        var analysis = JudgedStep.Judge(problem, wrong.Steps, null, ref random)[step].Analysis;
        WrittenSolution again;
        do
            again = WrittenSolution.Write(problem, slips, ref random);
        while (again.Slip == step);
        return PolicyLesson.Rewrite(id, problem, wrong, step, analysis, again);
    });

    /// <summary>A solution whose results are wrong now and then, every step of it judged.</summary>
    private static (ImmutableArray<string> Steps, ImmutableArray<JudgedStep> Judged) Erratic(LabProblem problem, double share, ref RandomStream random)
    {
        var solution = WrittenSolution.WriteErratic(problem, share, ref random);
        return (solution.Steps, JudgedStep.Judge(problem, solution.Steps, null, ref random, all: true));
    }

    /// <summary>A solution as a policy writes it, judged up to its first wrong step.</summary>
    /// <param name="faults">The share of judgements with one fault; null for none, and no draw of one.</param>
    private static (ImmutableArray<string> Steps, ImmutableArray<JudgedStep> Judged) Written(LabProblem problem, SlipShares slips, double? faults, ref RandomStream random)
    {
        var solution = WrittenSolution.Write(problem, slips, ref random);
        var fault = faults is { } share ? Fault.Draw(problem, solution, share, ref random) : null;
        return (solution.Steps, JudgedStep.Judge(problem, solution.Steps, fault, ref random));
    }

    private static ImmutableArray<JudgedStep> Analysed(LabProblem problem, ImmutableArray<JudgedStep> judged, double mistaken, ref RandomStream random)
    {
        var analysed = judged.ToBuilder();
        for (var i = 0; i < judged.Length; i++)
        {
            if (random.NextDouble() < mistaken)
                analysed[i] = judged[i].Mistaken(problem, ref random);
        }

        return analysed.ToImmutable();
    }

    private static (string Id, RandomStream Random) Start(string kind, long number, ulong seed)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{kind}/{number}");
        return (id, new RandomStream(RandomStream.SeedOf(seed, $"lessons/{id}")));
    }
}
