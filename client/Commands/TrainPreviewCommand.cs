using System.CommandLine;
using System.Globalization;
using System.Text;
using GenPrm.Client.CommandLine;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
using GenPrm.Trainer.Data;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm train preview</c>: a sample as the model will read it, with its trained tokens coloured.</summary>
internal static class TrainPreviewCommand
{
    private const string Colour = "\u001b[30;42m", Plain = "\u001b[0m";

    public static Command Create()
    {
        var model = new Option<string>("--model", "-m") { Description = "The model folder whose tokenizer and chat template are used", Required = true, HelpName = "folder" };
        var number = new Option<int>("--sample") { Description = "Which sample, from 1", DefaultValueFactory = _ => 1, HelpName = "number" };
        var objective = new Option<Objective>("--objective") { Description = "critique, direct or scalar" };
        var command = new ExampleCommand("preview", "Show a sample with its trained tokens coloured (in ⟦brackets⟧ where there is no terminal)")
        {
            Examples = [("genprm train preview --samples data/samples.jsonl --model MODEL --sample 3", "The third sample.")],
        };
        var source = new TrainingSource(command);
        foreach (Option option in new Option[] { model, number, objective })
            command.Options.Add(option);
        command.Does(async (parsed, cancellation) =>
        {
            int wanted = parsed.GetValue(number);
            if (wanted < 1)
                throw new CommandException($"--sample {wanted}: samples are counted from 1", ExitCodes.Usage);
            await using OpenSource samples = await source.OpenAsync(parsed, cancellation);
            if ((await samples.Samples.WindowAsync(wanted - 1, 1, cancellation)).FirstOrDefault() is not { } conversation)
                throw new CommandException($"--sample {wanted}: there are only {await samples.Samples.LengthAsync(cancellation)} samples");
            string folder = parsed.GetRequiredValue(model);
            var encoder = new ConversationEncoder(Tokenizer.Load(folder), ChatTemplate.Load(folder), parsed.GetValue(objective));
            EncodedSample encoded = encoder.Encode(conversation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool colours = !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);
            foreach (var pieces in encoder.Pieces(conversation))
                await output.WriteLineAsync(Marked(pieces, colours) + "\n");
            int tokens = encoded.Sequences.Sum(sequence => sequence.Tokens.Length);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{conversation.Id}: {tokens} tokens, {encoded.TrainedTokens} trained ({(double)encoded.TrainedTokens / tokens:P0}){(encoded.TurnByTurn ? $"; the chat template is not prefix-stable: a sequence for each of {encoded.Sequences.Length} turns" : "")}"));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The text with its trained tokens marked; neighbours share a mark.</summary>
    internal static string Marked(IEnumerable<(string Text, bool Trained)> pieces, bool colours)
    {
        var (begin, end) = colours ? (Colour, Plain) : ("⟦", "⟧");
        var marked = new StringBuilder();
        bool inside = false;
        foreach (var (text, trained) in pieces)
        {
            if (trained != inside)
                marked.Append(trained ? begin : end);
            inside = trained;
            // A terminal fills the rest of a line with the background: break the mark round line ends.
            marked.Append(trained && colours ? text.Replace("\n", Plain + "\n" + Colour, StringComparison.Ordinal) : text);
        }

        return marked.Append(inside ? end : "").ToString();
    }
}
