using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Model.Checking;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm model check FOLDER</c>: loads a model and compares it with the expected results that lie in its folder.</summary>
public static class ModelCheckCommand
{
    public static Command Create() => new("model", "Look at models") { Check() };

    private static ExampleCommand Check()
    {
        var folder = new Argument<string>("folder") { Description = "A Hugging Face folder: config.json, *.safetensors, tokenizer.json" };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda:N", DefaultValueFactory = _ => "cpu", HelpName = "device" };
        var dtype = new Option<string>("--dtype") { Description = "f32 or f64", DefaultValueFactory = _ => "f32", HelpName = "type" };
        dtype.AcceptOnlyFromAmong("f32", "f64");
        Option<bool> json = CommonOptions.Json();
        var command = new ExampleCommand("check", "Load a model folder and compare it with reference.json, golden_encodings.jsonl and golden_chat.jsonl where they lie in it")
        {
            Examples =
            [
                ("genprm model check ../shared/models/tiny-qwen3", "The largest differences, beside what is allowed."),
                ("genprm model check MODEL --json", "The same for programs; the exit code is 4 beyond tolerance."),
            ],
        };
        command.Arguments.Add(folder);
        command.Options.Add(device);
        command.Options.Add(dtype);
        command.Options.Add(json);
        command.Does((parsed, cancellation) =>
        {
            CheckReport report = Run(parsed.GetValue(folder)!, parsed.GetValue(device)!, parsed.GetValue(dtype)!, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                JsonOutput.Write(output, report);
            else
                Print(report, output);
            return Task.FromResult(report.Passed ? ExitCodes.Done : ExitCodes.CheckFailed);
        });
        return command;
    }

    private static CheckReport Run(string folder, string device, string dtype, CancellationToken cancellation)
    {
        try
        {
            TorchTarget target = TorchTarget.Parse(device, dtype);
            return ModelCheck.Run(folder, path => DecoderForwardPass.Load(path, target), cancellation);
        }
        catch (Exception error) when (error is CheckpointException or ArgumentException)
        {
            throw new CommandException(error.Message, ExitCodes.Usage);
        }
    }

    private static void Print(CheckReport report, TextWriter output)
    {
        output.WriteLine($"{report.Folder}: {report.Description}");
        int width = report.Findings.Max(finding => finding.Name.Length);
        foreach (CheckFinding finding in report.Findings)
        {
            string numbers = finding.Largest is { } largest
                ? string.Create(CultureInfo.InvariantCulture, $"largest difference {largest:0.0e+0} of {finding.Tolerance:0.0e+0} allowed, {finding.Compared} numbers")
                : $"{finding.Compared - finding.DifferenceCount} of {finding.Compared} right";
            output.WriteLine($"{(finding.Passed ? "ok" : "NO")}  {finding.Name.Replace('_', ' ').PadRight(width)}  {numbers}");
            foreach (string difference in finding.Differences)
                output.WriteLine($"    {difference}");
            if (finding.DifferenceCount > finding.Differences.Length)
                output.WriteLine($"    … and {finding.DifferenceCount - finding.Differences.Length} more");
        }

        output.WriteLine(report.Passed ? "The model is as it should be." : "The model is not as it should be.");
    }
}
