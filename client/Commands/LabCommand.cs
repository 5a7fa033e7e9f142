using System.Collections.Immutable;
using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Doctor;
using GenPrm.Client.Lab;
using GenPrm.Lab.Runs;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm lab</c>: the paper's questions, asked where the truth is known.</summary>
public static class LabCommand
{
    public static Command Create()
    {
        Option<string?> folder = CommonOptions.LabFolder("lab/full or lab/quick");
        var seeds = new Option<ulong[]>("--seed") { Description = "A seed; may be given several times [default: 1, 2 and 3]", HelpName = "N", AllowMultipleArgumentsPerToken = true };
        var quick = new Option<bool>("--quick") { Description = "The same questions with fewer judges and smaller evaluations, in under an hour" };
        Option<string?> data = CommonOptions.Data();
        Option<bool> yes = CommonOptions.Yes();
        var command = new ExampleCommand("lab", "Ask the paper's questions in a world whose truth is known: labels, filters, votes, code, best of N, refining, amounts, kinds of judges")
        {
            Examples =
            [
                ("genprm lab --quick", "Tables, plots and JSON in under an hour on two cores; stopped and typed again, it goes on."),
                ("genprm lab --seed 4 --seed 5", "Other seeds, in full; the tables are of all seeds that are finished in the folder."),
            ],
        };
        foreach (Option option in new Option[] { folder, seeds, quick, data, yes })
            command.Options.Add(option);
        var devices = new DeviceOptions(command, dtype: "f32");
        command.Does(async (parsed, cancellation) =>
        {
            bool small = parsed.GetValue(quick);
            LabPlan plan = small ? LabPlan.Quick : LabPlan.Full;
            ImmutableArray<ulong> numbers = parsed.GetValue(seeds) is { Length: > 0 } given ? [.. given.Distinct()] : [1, 2, 3];
            var place = new LabFolder(parsed.GetValue(folder) ?? Path.Combine(CommonOptions.Folder(parsed.GetValue(data)).Path, "lab", small ? "quick" : "full"));
            GenerateSettings generate = devices.Read(parsed).Resolved();
            var finished = new FinishedSeeds(place, (small ? "quick" : "full", plan), Settings);
            if (File.Exists(place.Path))
                throw new LabException($"{place.Path} is a file. Give another --folder.");
            if (File.Exists(place.Settings))
                throw new LabException($"{place.Path} holds a demo, or one seed of a lab run. Give another --folder.");
            // Before hours are spent on the first: a seed's folder that was begun with other settings is refused.
            foreach (ulong begun in numbers.Intersect(place.Seeds()))
                place.Seed(begun).Keep(Settings(begun));
            TextWriter output = parsed.InvocationConfiguration.Output;
            await MachineSetup.EnsureSandboxAsync(parsed.GetValue(yes), line => Console.Error.WriteLine(line), cancellation);
            var screen = new LabScreen(output, !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out), TimeProvider.System);
            ulong[] left = [.. numbers.Where(number => !finished.Has(number))];
            if (left.Length > 0)
            {
                screen.Say($"Seven questions, {left.Length} of {numbers.Length} seeds to do; trying for some seconds how fast this machine is");
                TimeSpan about = plan.Seed * (LabPlan.UsualPace / await LabPace.MeasureAsync(plan.Recipe, generate.Device, cancellation));
                screen.Say($"About {about.TotalMinutes:0} min a seed, {about.TotalMinutes * left.Length:0} min in all, less what is done already in {place.Path}");
            }

            foreach (ulong number in numbers)
            {
                LabFolder seed = place.Seed(number);
                using IDisposable held = seed.Hold();
                seed.Keep(Settings(number));
                finished.Add(await new LabSeed(seed, plan, number, generate, screen).RunAsync(cancellation));
                ImmutableArray<ulong> told = await finished.ReportAsync(TimeProvider.System, cancellation);
                screen.Say($"seed {number} is done; {place.In("lab.md")} holds the tables of seeds {string.Join(", ", told)}");
            }

            await output.WriteLineAsync();
            await output.WriteAsync(await File.ReadAllTextAsync(place.In("lab.md"), cancellation));
            await output.WriteLineAsync($"Tables: {place.In("lab.md")}; the same as JSON: {place.In("lab.json")}; plots: {place.In("lab-*.svg")}");
            return ExitCodes.Done;

            // How long a seed may take decides nothing.
            LabSettings Settings(ulong number) => LabSettings.Of("lab", number, generate.Dtype, ProgramVersion.Commit, plan with { Seed = TimeSpan.Zero });
        });
        return command;
    }
}
