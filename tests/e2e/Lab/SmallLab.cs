using System.Collections.Immutable;
using GenPrm.Client.Lab;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Silo.Hosting;
using GenPrm.Tests.EndToEnd.Jobs;

namespace GenPrm.Tests.EndToEnd.Lab;

/// <summary>A seed of <c>genprm lab</c> on what a demo made: every question through the real engine and sandbox, with judges that hardly learn and few solutions, since what is tried
/// is the road and not what comes out.</summary>
internal sealed class SmallLab
{
    private const int Solutions = 3;
    private static readonly Course Short = new(3, 8, 1e-3);
    private readonly LabFolder _place;

    /// <param name="demo">A finished one, whose policy, teacher, job and fresh solutions are taken over.</param>
    /// <param name="path">Where it goes.</param>
    public SmallLab(LabFolder demo, string path)
    {
        _place = new(path);
        foreach (string part in new[] { "models", "job", "store", "results" })
            Copy(demo.In(part), Seed.In(part));
        Settings(QuickDemo.Seed).Keep(Seed.Settings);
        Assert.Equal(Plan.Recipe.World.DrawMany(QuickDemo.Seed, "job", Plan.Recipe.Problems).Select(problem => problem.Text), Summaries.Lines(Seed.Problems).Select(row => row.GetProperty("problem").GetString()!));
        ImmutableArray<FreshSolution> fresh = Seed.Notebook.Read<ImmutableArray<FreshSolution>>("fresh-solutions");
        Seed.Notebook.Write("fresh-solutions", (ImmutableArray<FreshSolution>)[.. fresh[..Solutions], .. fresh[^Solutions..]]);
    }

    public static LabPlan Plan { get; } = LabPlan.Quick with
    {
        Recipe = LabRecipe.Quick with { Judge = Short },
        Baselines = Short,
        Paths = 1,
        Votes = 2,
        Modes = Short,
        ModesEach = 2,
        Rewriting = Short,
        Problems = 3,
        Candidates = 2,
        Rounds = 1,
        Shares = [0.5],
        SmallPolicy = Short,
        SmallTeacher = Short,
    };

    private LabFolder Seed => _place.Seed(QuickDemo.Seed);

    /// <summary>Works out what is not there, and writes the report.</summary>
    /// <param name="output">Where it is said how far things are.</param>
    /// <returns>The report's tables in Markdown.</returns>
    public async Task<string> RunAsync(TextWriter output, CancellationToken cancellation)
    {
        var seed = new LabSeed(Seed, Plan, QuickDemo.Seed, new GenerateSettings { Dtype = "f32" }, new LabScreen(output, live: false, TimeProvider.System));
        var finished = new FinishedSeeds(_place, ("small", Plan), Settings);
        finished.Add(await seed.RunAsync(cancellation));
        Assert.Equal([QuickDemo.Seed], await finished.ReportAsync(TimeProvider.System, cancellation));
        return await File.ReadAllTextAsync(_place.In("lab.md"), cancellation);
    }

    public LabReport Report() => new Notebook(_place.Path, TimeProvider.System).Read<LabReport>("lab");

    /// <summary>When each result was put down; the findings are put together anew each time, and the clock goes on.</summary>
    public ImmutableArray<(string File, DateTime Written)> Results() =>
    [
        .. new[] { Seed.Notebook, Seed.Small.Notebook }.Where(notebook => Directory.Exists(notebook.Folder)).SelectMany(notebook => Directory.GetFiles(notebook.Folder)).Order(StringComparer.Ordinal)
            .Where(file => Path.GetFileName(file) is not ("findings.json" or "seconds.json")).Select(file => (file, File.GetLastWriteTimeUtc(file))),
    ];

    public bool HasPlot(int table) => File.Exists(_place.In($"lab-{table}.svg"));

    private static LabSettings Settings(ulong seed) => LabSettings.Of("lab", seed, "f32", "", Plan);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
