using System.Collections.Immutable;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Trainer.Data;

namespace GenPrm.Trainer.Verification;

/// <summary>What a model folder says about how its model is to be asked to judge.</summary>
/// <param name="Folder">Its full path.</param>
/// <param name="Objective">What it was trained for; critiques unless it says otherwise.</param>
/// <param name="UntaggedTurn">Whether the open turn has no tag, as the released GenPRM weights have it.</param>
/// <param name="Why">What that was seen by, for people.</param>
/// <param name="ControlTokens">Strings that steer it and are no text.</param>
public sealed record JudgeModel(string Folder, Objective Objective, bool UntaggedTurn, string Why, ImmutableArray<string> ControlTokens)
{
    /// <summary>Looks a folder over without loading its weights.</summary>
    /// <remarks>Weights that we trained have a mark (<see cref="TrainedMark"/>) and are asked as their samples were rendered: an ordinary assistant turn, left open.
    /// Weights without one, whose template lets a user's turn be ended by the next tag (DeepSeek's), are taken for the released GenPRM weights.</remarks>
    /// <exception cref="CheckpointException">It is no model's folder.</exception>
    /// <exception cref="VerificationException">It is an adapter's, or its mark is damaged.</exception>
    public static JudgeModel Inspect(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(Path.Combine(folder, "adapter_config.json")) && !File.Exists(Path.Combine(folder, "config.json")))
            throw new VerificationException($"{folder} is an adapter. Make a model of it with: genprm train merge --adapter {folder} --model MODEL --out FOLDER");
        var template = ChatTemplate.Load(folder);
        var controlTokens = ControlTags.Of(Tokenizer.Load(folder), template);
        if (TrainedMark.Read(folder) is { } mark)
            return new(folder, mark.Objective, false, "it was trained here", controlTokens);
        using var weights = CheckpointReader.Open(folder);
        var objective = weights.Tensors.ContainsKey("score.weight") ? Objective.Scalar : Objective.Critique;
        return template.LeavesUserTurnsOpen
            ? new(folder, objective, true, "its template is the released GenPRM weights' (DeepSeek's)", controlTokens)
            : new(folder, objective, false, "its template ends every turn", controlTokens);
    }

    /// <summary>A short name of the weights themselves.</summary>
    public string Fingerprint() => ModelFingerprint.Of(Folder);
}
