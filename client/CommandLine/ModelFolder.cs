using GenPrm.Model.Training;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.CommandLine;

/// <summary>A folder that an option names and a model or an adapter is to be in.</summary>
internal static class ModelFolder
{
    /// <summary>Whatever else is wrong with it is said when it is read.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="folder">What it says.</param>
    /// <param name="file">What must be in the folder.</param>
    /// <exception cref="CommandException">There is no such folder, or it is one that a training keeps its checkpoints in.</exception>
    public static string Checked(string option, string folder, string file = "config.json")
    {
        if (!Directory.Exists(folder))
            throw new CommandException($"{option} {folder}: no such folder. Give a Hugging Face folder with config.json, tokenizer.json and *.safetensors.", ExitCodes.Usage);
        if (File.Exists(Path.Combine(folder, file)) || File.Exists(Path.Combine(folder, PeftAdapter.ConfigFile)))
            return folder;
        if (new RunFolder(folder).Newest() is { } newest)
            throw new CommandException($"{option} {folder}: is where a training keeps its checkpoints. Give one of them: {newest}", ExitCodes.Usage);
        throw new CommandException($"{option} {folder}: has no {file}.{(file == "config.json" ? " Give a Hugging Face folder with config.json, tokenizer.json and *.safetensors." : "")}", ExitCodes.Usage);
    }
}
