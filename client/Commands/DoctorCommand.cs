using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Doctor;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm doctor</c>: looks at everything genprm needs of the machine and says what to do about what is missing.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        Option<string?> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        var fix = new Option<bool>("--fix") { Description = "Set up what is missing first" };
        Option<bool> yes = CommonOptions.Yes();
        var command = new ExampleCommand("doctor", "Check the SDK, native libraries, device, Docker, sandbox image and store folder")
        {
            Examples =
            [
                ("genprm doctor", "A line for each check, with the remedy where something is missing."),
                ("genprm doctor --fix --yes", "Sets up the Docker engine and the sandbox image first, without asking."),
            ],
        };
        command.Options.Add(data);
        command.Options.Add(json);
        command.Options.Add(fix);
        command.Options.Add(yes);
        command.Does(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(fix))
                await MachineSetup.EnsureSandboxAsync(parsed.GetValue(yes), Console.Error.WriteLine, cancellation);
            List<Finding> findings =
            [
                await MachineChecks.SdkAsync(cancellation),
                MachineChecks.Torch(),
                .. await MachineChecks.SandboxAsync(cancellation),
                MachineChecks.Store(CommonOptions.Folder(parsed.GetValue(data)), ProgramVersion.Text),
            ];
            if (parsed.GetValue(json))
                JsonOutput.Write(parsed.InvocationConfiguration.Output, new { findings });
            else
                Print(findings, parsed.InvocationConfiguration.Output);
            return findings.Exists(finding => finding.State == FindingState.Wrong) ? ExitCodes.CheckFailed : ExitCodes.Done;
        });
        return command;
    }

    private static void Print(List<Finding> findings, TextWriter output)
    {
        int width = findings.Max(finding => finding.Check.Length);
        foreach (Finding finding in findings)
        {
            string mark = finding.State switch { FindingState.Good => "ok", FindingState.SetUpWhenNeeded => "--", _ => "NO" };
            output.WriteLine($"{mark}  {finding.Check.PadRight(width)}  {finding.Found}");
            if (finding.Remedy is { } remedy)
                output.WriteLine($"    {new string(' ', width)}  → {remedy}");
        }
    }
}
