using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Doctor;
using GenPrm.Client.Lab;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm lab</c>: the paper's questions, asked where the truth is known.</summary>
public static class LabCommand
{
    public static Command Create()
    {
        var folder = new Option<string?>("--folder") { Description = "Where everything goes [default: lab/full or lab/quick in the store's folder]", HelpName = "folder" };
        var seeds = new Option<ulong[]>("--seed") { Description = "A seed; may be given several times [default: 1, 2 and 3]", HelpName = "N", AllowMultipleArgumentsPerToken = true };
        var quick = new Option<bool>("--quick") { Description = "The same questions with fewer judges and smaller evaluations, in under an hour" };
        Option<string?> data = CommonOptions.Data();
        Option<bool> yes = CommonOptions.Yes();
        var command = new ExampleCommand("lab", "Ask the paper's questions in a world whose truth is known: labels, filters, votes, code, best of N, refining, amounts, kinds of judges")
        {
            Examples =
            [
                ("genprm lab --quick", "Tables, plots and JSON in under an hour on two cores; stopped and typed again, it goes on."),
                ("genprm lab --seed 4 --seed 5", "Other seeds, in full."),
            ],
        };
        foreach (Option option in new Option[] { folder, seeds, quick, data, yes })
            command.Options.Add(option);
        var devices = new DeviceOptions(command);
        command.Does(async (parsed, cancellation) =>
        {
            bool small = parsed.GetValue(quick);
            LabPlan plan = small ? LabPlan.Quick : LabPlan.Full;
            ImmutableArray<ulong> numbers = parsed.GetValue(seeds) is { Length: > 0 } given ? [.. given.Distinct()] : [1, 2, 3];
            var place = new LabFolder(parsed.GetValue(folder) ?? Path.Combine(CommonOptions.Folder(parsed.GetValue(data)).Path, "lab", small ? "quick" : "full"));
            TextWriter output = parsed.InvocationConfiguration.Output;
            await MachineSetup.EnsureSandboxAsync(parsed.GetValue(yes), line => Console.Error.WriteLine(line), cancellation);
            var screen = new LabScreen(output, !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out), TimeProvider.System);
            screen.Say($"Seven questions, {numbers.Length} seeds; about {plan.Seed.TotalMinutes:0} min a seed on two cores, {plan.Seed.TotalMinutes * numbers.Length:0} min in all, less what is done already in {place.Path}");
            ImmutableArray<SeedFindings> findings = [];
            foreach (ulong number in numbers)
            {
                var seedFolder = new LabFolder(place.In(string.Create(CultureInfo.InvariantCulture, $"seed-{number}")));
                findings = findings.Add(await new LabSeed(seedFolder, plan, number, devices.Read(parsed), screen).RunAsync(cancellation));
                await WriteAsync(place, new(small ? "quick" : "full", Commit, TimeProvider.System.GetUtcNow(), [.. findings.Select(one => one.Seed)], new LabTables(plan, findings).All()), cancellation);
                screen.Say($"seed {number} is done; {place.In("lab.md")} holds the tables so far");
            }

            await output.WriteLineAsync();
            await output.WriteAsync(await File.ReadAllTextAsync(place.In("lab.md"), cancellation));
            await output.WriteLineAsync($"Tables: {place.In("lab.md")}; the same as JSON: {place.In("lab.json")}; plots: {place.In("lab-*.svg")}");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What this program was built from.</summary>
    private static string Commit =>
        typeof(LabCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit[..Math.Min(7, commit.Length)] : "unknown";

    private static async Task WriteAsync(LabFolder place, LabReport report, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(place.In("lab.md"), LabMarkdown.Write(report), cancellation);
        await File.WriteAllTextAsync(place.In("lab.json"), JsonSerializer.Serialize(report, Notebook.Json) + "\n", cancellation);
        foreach ((LabTable table, int i) in report.Tables.Select((table, i) => (table, i)))
            await File.WriteAllTextAsync(place.In(string.Create(CultureInfo.InvariantCulture, $"lab-{i + 1}.svg")), LabPlot.Draw(table), cancellation);
    }
}
