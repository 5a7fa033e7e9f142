using System.Collections.Immutable;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Runs;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Lab;

/// <summary>How fast this machine is at what most of a lab run is: a policy's first steps, tried out for some seconds.</summary>
internal static class LabPace
{
    /// <summary>The first steps compile the program.</summary>
    private const int Steps = 40, Counted = 15;

    /// <param name="folder">Made for it, and removed.</param>
    /// <returns>Tokens a second.</returns>
    public static async Task<double> MeasureAsync(LabRecipe recipe, string folder, string device, CancellationToken cancellation)
    {
        Remove(folder);
        string initial = Path.Combine(folder, "initial"), run = Path.Combine(folder, "run");
        try
        {
            recipe.Model.WriteTo(initial, seed: 0);
            await LabTraining.RunAsync(
                initial, run, recipe.Policy with { Steps = Steps }, LessonSource.Policy(recipe.World, recipe.PolicySlips, clean: 0, seed: 0), 0, device, TimeProvider.System, (_, _) => { }, cancellation);
            ImmutableArray<StepMetrics> last = MetricsLog.OpenAt(new RunFolder(run).MetricsFile, Steps).Rows[^Counted..];
            return last.Sum(row => row.Tokens) / last.Sum(row => row.Tokens / row.TokensPerSecond);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
