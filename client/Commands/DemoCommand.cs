using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Doctor;
using GenPrm.Client.Lab;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm demo</c>: the whole loop in a world whose truth is known, with a report at the end.</summary>
public static class DemoCommand
{
    public static Command Create()
    {
        Option<string?> folder = CommonOptions.LabFolder("demo/seed-N, with --quick demo/seed-N-quick,");
        var seed = new Option<ulong>("--seed") { Description = "Of everything that is drawn", DefaultValueFactory = _ => 1, HelpName = "N" };
        var quick = new Option<bool>("--quick") { Description = "The whole road in a smaller world, in about half the time, too small for figures to mean much" };
        Option<string?> data = CommonOptions.Data();
        Option<bool> yes = CommonOptions.Yes();
        var command = new ExampleCommand("demo", "See the whole loop work in minutes: train a policy, run a job, train a judge on its samples, measure what that judge gained")
        {
            Examples = [("genprm demo", "About ten minutes on two cores; stopped and typed again, it goes on."), ("genprm demo --seed 2 --folder /tmp/demo", "Other problems, other models, another folder.")],
        };
        foreach (Option option in new Option[] { folder, seed, quick, data, yes })
            command.Options.Add(option);
        var devices = new DeviceOptions(command, dtype: "f32");
        command.Does(async (parsed, cancellation) =>
        {
            ulong number = parsed.GetValue(seed);
            bool small = parsed.GetValue(quick);
            string path = parsed.GetValue(folder) ?? Path.Combine(CommonOptions.Folder(parsed.GetValue(data)).Path, "demo", string.Create(CultureInfo.InvariantCulture, $"seed-{number}{(small ? "-quick" : "")}"));
            var place = new LabFolder(path);
            GenerateSettings generate = devices.Read(parsed).Resolved();
            LabRecipe recipe = small ? LabRecipe.Quick : LabRecipe.Demo;
            using IDisposable held = place.Hold();
            bool begun = File.Exists(place.Settings);
            place.Keep(LabSettings.Of("demo", number, generate.Dtype, ProgramVersion.Commit, recipe));
            TextWriter output = parsed.InvocationConfiguration.Output;
            await MachineSetup.EnsureSandboxAsync(parsed.GetValue(yes), line => Console.Error.WriteLine(line), cancellation);
            var screen = new LabScreen(output, !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out), TimeProvider.System);
            screen.Say($"Everything goes to {place.Path}{(begun ? "; what is done there already is not done again" : "")}");
            DemoResult result = await new Demo(place, recipe, number, generate, screen).RunAsync(cancellation) with { Quick = small };
            foreach (string line in DemoText.Lines(result))
                await output.WriteLineAsync(line);
            await File.WriteAllTextAsync(place.Report, DemoPage.Write(result), cancellation);
            await output.WriteLineAsync($"\nThe report, with examples: {place.Report}");
            return ExitCodes.Done;
        });
        return command;
    }
}
