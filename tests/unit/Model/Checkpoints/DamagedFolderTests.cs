using System.Text;
using CsCheck;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Tests.Unit.Model.TinyCheckpoints;

namespace GenPrm.Tests.Unit.Model.Checkpoints;

/// <summary>A folder with damage anywhere either loads or says what is wrong; nothing else comes out.</summary>
public sealed class DamagedFolderTests : IDisposable
{
    private static readonly string[] Bits = ["\\ud800", "null", "-1", "1e999", "{}", "[]", "\"\"", "\"x\"", "true", "99999999999999999999", "\0", "\"", "{%", "%}", "{{", "}}", "[[", "(?", ",", "\u00FF", "_"];

    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public DamagedFolderTests()
    {
        model = Path.Combine(folder.Path, "model");
        TinyCheckpoint.All.Single(tiny => tiny.Name == "tiny-qwen2").WriteTo(model);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("config.json", 120)]
    [InlineData("generation_config.json", 80)]
    [InlineData("tokenizer.json", 80)]
    [InlineData("tokenizer_config.json", 80)]
    [InlineData("chat_template.jinja", 120)]
    [InlineData("model.safetensors.index.json", 80)]
    [InlineData("model-00001-of-00003.safetensors", 120)]
    public void Load_FileWithDamageAnywhere_WorksOrSaysWhatIsWrong(string file, int times)
    {
        var path = Path.Combine(model, file);
        var whole = File.ReadAllBytes(path);
        var reach = Math.Min(whole.Length, 4_000);
        Gen.Select(Gen.Int[0, reach], Gen.Int[0, 12], Gen.Int[0, Bits.Length - 1]).Sample(
            (place, dropped, bit) =>
            {
                File.WriteAllBytes(path, [.. whole[..place], .. Encoding.UTF8.GetBytes(Bits[bit]), .. whole[Math.Min(whole.Length, place + dropped)..]]);
                Try(() => ModelConfig.Load(model));
                Try(() => CheckpointReader.Open(model).Dispose());
                Try(() => Tokenizer.Load(model).Encode("Step 1: é <|im_end|>", addSpecial: true));
                Try(() => ChatTemplate.Load(model).RenderOpen([ChatMessage.User("Hi")], "Step 1:"));
            },
            iter: times,
            threads: 1);
    }

    private static void Try(Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is CheckpointException or GenerationException)
        {
            Assert.NotEmpty(error.Message);
        }
    }
}
