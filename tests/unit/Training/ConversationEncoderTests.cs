using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

/// <summary>The loss mask, through the tokenizer and chat template of every model folder at hand.</summary>
public sealed class ConversationEncoderTests
{
    public static TheoryData<string> Folders() => TestMaterial.ModelsWith("tokenizer_config.json");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_Critique_TrainsTheAssistantsOwnTokensAlone(string row)
    {
        var encoder = Encoder(row, Objective.Critique);

        var sequences = encoder.Pieces(Conversations.Of(5));

        var all = string.Concat(sequences.SelectMany(pieces => pieces).Select(piece => piece.Text));
        var trained = string.Concat(sequences.SelectMany(pieces => pieces).Where(piece => piece.Trained).Select(piece => piece.Text));
        Assert.Contains(Conversations.Printed, all, StringComparison.Ordinal);
        Assert.DoesNotContain("Code Output", trained, StringComparison.Ordinal);
        Assert.DoesNotContain(Conversations.Printed, trained, StringComparison.Ordinal);
        Assert.DoesNotContain("QUESTION", trained, StringComparison.Ordinal);
        Assert.DoesNotContain("math teacher", trained, StringComparison.Ordinal);
        Assert.Equal(2, Count(trained, "ANALYSIS é😀 5</analyze>"));
        Assert.Equal(2, Count(trained, "print(5)"));
        Assert.Equal(2, Count(trained, "DISCUSSION"));
        Assert.Equal(1, Count(trained, "Yes"));
        Assert.Equal(1, Count(trained, "No"));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_Critique_TrainsTheEndOfEveryTurn(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var tokenizer = Tokenizer.Load(folder);
        var encoded = Encoder(row, Objective.Critique).Encode(Conversations.Of(5, paragraphs: 3));
        var special = tokenizer.SpecialTokens.Select(tokenizer.Find).ToHashSet();

        Assert.Equal(3, encoded.Sequences.SelectMany(sequence => sequence.Targets).Count(target => special.Contains(target.Target)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_Direct_TrainsJudgementsAlone(string row)
    {
        var pieces = Encoder(row, Objective.Direct).Pieces(Conversations.Of(5)).SelectMany(one => one).ToList();

        Assert.Equal(2, Count(string.Concat(pieces.Where(piece => piece.Trained).Select(piece => piece.Text)), ConversationForm.JudgementOpen));
        Assert.DoesNotContain("ANALYSIS", string.Concat(pieces.Select(piece => piece.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_Scalar_ScoresTheEndOfEachStep(string row)
    {
        var tokenizer = Tokenizer.Load(TestMaterial.ModelFolder(row));
        var sequence = Assert.Single(Encoder(row, Objective.Scalar).Encode(Conversations.Of(5, paragraphs: 3)).Sequences);

        Assert.Equal([1, 1, 0], sequence.Targets.Select(target => target.Target));
        var before = sequence.Targets.Select(target => tokenizer.Decode(sequence.Tokens[..(target.Position + 1)])).ToList();
        Assert.All(before, (text, step) => Assert.EndsWith($"QUESTION step {step + 1} of 5.", text.TrimEnd(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_ScalarOfTextThatTheTokenizerNormalizes_ScoresTheEndOfEachStep(string row)
    {
        var tokenizer = Tokenizer.Load(TestMaterial.ModelFolder(row));
        var conversation = Conversations.Of(5, paragraphs: 3);
        // An e and an accent apart: NFC makes one letter of them.
        conversation = conversation with
        {
            Turns = [.. conversation.Turns.Select(turn => turn.Message.Role == "user" ? SampleTurn.Untrained(ChatMessage.User(turn.Message.Content.Replace("QUESTION", "cafe\u0301", StringComparison.Ordinal))) : turn)],
        };

        var sequence = Assert.Single(Encoder(row, Objective.Scalar).Encode(conversation).Sequences);

        var before = sequence.Targets.Select(target => tokenizer.Decode(sequence.Tokens[..(target.Position + 1)])).ToList();
        Assert.All(before, (text, step) => Assert.EndsWith($"step {step + 1} of 5.", text.TrimEnd(), StringComparison.Ordinal));
    }

    [Fact]
    public void Encode_TemplateThatRefusesSystemTurns_SaysSo()
    {
        var folder = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");
        var template = ChatTemplate.Parse(
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system turns here') }}{% endif %}", new Dictionary<string, string>(), "test", TimeProvider.System);
        var encoder = new ConversationEncoder(Tokenizer.Load(folder), template, Objective.Critique);

        var error = Assert.Throws<TrainingException>(() => encoder.Encode(Conversations.Of(1)));

        Assert.Contains("no system turns here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainedSpans_OfAnAssistantsTurn_LeaveOutEveryOutputBlock()
    {
        const string Text = "a\n[Code Output]\n\n```\n1\n```\nb [Code Output] c\n[Code Output]\n\n```\n2\n```\n";

        var turn = TrainedSpans.Of(ChatMessage.Assistant(Text));

        Assert.Equal(["a\n", "b [Code Output] c\n"], turn.Trained.Select(span => Text[span.Start..span.End]));
    }

    private static ConversationEncoder Encoder(string row, Objective objective)
    {
        var folder = TestMaterial.ModelFolder(row);
        return new(Tokenizer.Load(folder), ChatTemplate.Load(folder), objective);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
