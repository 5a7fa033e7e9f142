using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Core.Scoring;
using GenPrm.Model.Chat;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class JudgeModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_OurOwnTemplate_IsAskedWithAnAssistantsTag()
    {
        var model = JudgeModel.Inspect(Copy("chat_template.jinja"));
        Assert.Equal((false, Objective.Critique), (model.UntaggedTurn, model.Objective));
        Assert.NotEmpty(model.ControlTokens);
    }

    [Fact]
    public void Inspect_DeepSeeksTemplate_IsTakenForTheReleasedWeightsUnlessTrainedHere()
    {
        var folder = Copy(null);
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), DeepSeek());
        Assert.True(JudgeModel.Inspect(folder).UntaggedTurn);
        new TrainedMark(Objective.Direct).Write(folder);
        var model = JudgeModel.Inspect(folder);
        Assert.Equal((false, Objective.Direct), (model.UntaggedTurn, model.Objective));
    }

    [Fact]
    public void Inspect_Adapter_SaysHowToMakeAModelOfIt()
    {
        _folder.Write("adapter_config.json", "{}");
        Assert.Contains("genprm train merge", Assert.Throws<VerificationException>(() => JudgeModel.Inspect(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_OtherWeights_IsAnother()
    {
        var folder = Copy("chat_template.jinja");
        var before = JudgeModel.Inspect(folder).Fingerprint();
        Assert.Equal(before, JudgeModel.Inspect(folder).Fingerprint());
        using (var weights = File.Open(Path.Combine(folder, "model.safetensors"), FileMode.Open))
        {
            weights.Seek(-1, SeekOrigin.End);
            var last = weights.ReadByte();
            weights.Seek(-1, SeekOrigin.End);
            weights.WriteByte((byte)~last);
        }

        Assert.NotEqual(before, JudgeModel.Inspect(folder).Fingerprint());
    }

    /// <summary>What the engine is asked, rendered by DeepSeek's own template, against the prompts that the released demo logged.</summary>
    [Fact]
    public void RenderOpen_UntaggedTurn_IsTheLoggedPromptByteForByte()
    {
        var options = new JudgeOptions { Style = PromptStyle.Demo };
        var template = ChatTemplate.Parse(DeepSeek(), new Dictionary<string, string> { ["bos_token"] = "<｜begin▁of▁sentence｜>", ["eos_token"] = "<｜end▁of▁sentence｜>" }, "deepseek");
        var prompts = File.ReadLines(TestMaterial.Shared("data", "genprm_transcripts.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.GetProperty("title").GetString()!.Contains("request", StringComparison.Ordinal)).Select(row => row.GetProperty("text").GetString()!).ToList();
        Assert.NotEmpty(prompts);
        foreach (var prompt in prompts)
        {
            const string Question = "Question: ";
            var start = prompt.IndexOf(Question, StringComparison.Ordinal) + Question.Length;
            var turn = prompt.IndexOf("<analyze>\n", StringComparison.Ordinal);
            var halves = prompt[start..turn].Split("\n\n", 2);
            var messages = JudgePath.Empty.Messages(halves[0], [halves[1]], 1, options);
            Assert.Equal(prompt, template.RenderOpen(new Prompt.Chat(messages, prompt[turn..]) { Untagged = true }));
        }
    }

    [Fact]
    public void RenderOpen_UntaggedSecondTurn_HasTheTagOfTheFinishedOneOnly()
    {
        var template = ChatTemplate.Parse(DeepSeek(), new Dictionary<string, string> { ["bos_token"] = "<B>", ["eos_token"] = "<E>" }, "deepseek");
        var prompt = new Prompt.Chat([ChatMessage.System("s"), ChatMessage.User("p\n1"), ChatMessage.Assistant("judged"), ChatMessage.User("2")], "<analyze>\n") { Untagged = true };
        Assert.Equal("<B>s<｜User｜>p\n1<｜Assistant｜>judged<｜end▁of▁sentence｜><｜User｜>2<analyze>\n", template.RenderOpen(prompt));
    }

    private static string DeepSeek()
    {
        var file = Directory.EnumerateFiles(TestMaterial.Shared("models", "chat-templates"), "*.jinja").Single(name => Path.GetFileName(name).Contains("deepseek", StringComparison.OrdinalIgnoreCase));
        return File.ReadAllText(file);
    }

    /// <summary>A tiny model's files.</summary>
    private string Copy(string? template)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-qwen3")))
        {
            if (Path.GetFileName(file) != "chat_template.jinja" || template is not null)
                File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        }

        return _folder.Path;
    }
}
