using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm train merge</c>: makes an ordinary model folder of a model and an adapter.</summary>
internal static class TrainMergeCommand
{
    public static Command Create()
    {
        var adapter = new Option<string>("--adapter", "-a") { Description = "The adapter's folder, in PEFT's layout", Required = true, HelpName = "folder" };
        var model = new Option<string>("--model", "-m") { Description = "The model under it", Required = true, HelpName = "folder" };
        var to = new Option<string>("--out", "-o") { Description = "The folder to write; must not exist", Required = true, HelpName = "folder" };
        var type = new Option<string>("--dtype") { Description = "Of the merged weights: bf16 or f32", DefaultValueFactory = _ => "bf16", HelpName = "type" };
        type.AcceptOnlyFromAmong("bf16", "f32");
        var command = new ExampleCommand("merge", "Add an adapter's change to the weights of its model")
        {
            Examples = [("genprm train merge --adapter runs/c/step-000100 --model MODEL --out judge", "judge/ is a Hugging Face folder like any other.")],
        };
        foreach (Option option in new Option[] { adapter, model, to, type })
            command.Options.Add(option);
        command.Does(async (parsed, cancellation) =>
        {
            var (adapterFolder, modelFolder, target) = (ModelFolder.Checked("--adapter", parsed.GetRequiredValue(adapter), PeftAdapter.ConfigFile), ModelFolder.Checked("--model", parsed.GetRequiredValue(model)), Path.GetFullPath(parsed.GetRequiredValue(to)));
            if (Path.Exists(target))
                throw new CommandException($"{target} exists; give another --out", ExitCodes.Usage);
            NativeTorch.EnsureLoaded();
            using TrainableModel merged = TrainableModelBuilder.Load(
                modelFolder, TorchTarget.Parse("cpu", "f32"), HeadKind.Language, PeftAdapter.ReadOptions(adapterFolder), adapterFolder);
            cancellation.ThrowIfCancellationRequested();
            TrainedFolder.WriteModel(merged, modelFolder, target, parsed.GetValue(type) == "f32" ? ElementType.Float32 : ElementType.BFloat16);
            TrainedMark.Read(adapterFolder)?.Write(target);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"The merged model is in {target}");
            return ExitCodes.Done;
        });
        return command;
    }
}
