using System.Collections.Immutable;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Runs;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Lab;

/// <summary>How fast this machine is at what most of a lab run is: a policy's first steps, tried out for some seconds.</summary>
internal static class LabPace
{
    /// <summary>In the first steps the program is still compiled, and compiled again.</summary>
    private const int Steps = 100, Counted = 40;

    /// <returns>Tokens a second.</returns>
    public static async Task<double> MeasureAsync(LabRecipe recipe, string device, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("genprm-pace-");
        try
        {
            string initial = Path.Combine(folder.FullName, "initial"), run = Path.Combine(folder.FullName, "run");
            recipe.Model.WriteTo(initial, seed: 0);
            await LabTraining.RunAsync(
                initial, run, recipe.Policy with { Steps = Steps }, LessonSource.Policy(recipe.World, recipe.PolicySlips, clean: 0, seed: 0), 0, device, TimeProvider.System, (_, _) => { }, cancellation);
            ImmutableArray<StepMetrics> last = MetricsLog.OpenAt(new RunFolder(run).MetricsFile, Steps).Rows[^Counted..];
            return last.Sum(row => row.Tokens) / last.Sum(row => row.Tokens / row.TokensPerSecond);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
