using GenPrm.Model.Checking;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.Checking;

/// <summary>Encodings and chat texts of every folder that has expected ones, exactly; numbers are for the end-to-end tests.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Encodings() => TestMaterial.SharedModelsWith("golden_encodings.jsonl");

    public static TheoryData<string> Chats() => TestMaterial.SharedModelsWith("golden_chat.jsonl");

    public static TheoryData<string> References() => TestMaterial.SharedModelsWith("reference.json");

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encodings_OfAFolder_AreTheReferences(string row) => AssertPasses(row, "encodings");

    [Theory]
    [MemberData(nameof(Chats))]
    public void ChatTexts_OfAFolder_AreTheReferences(string row) => AssertPasses(row, "chat");

    [Theory]
    [MemberData(nameof(References))]
    public void Prompts_OfAReference_HaveItsIds(string row) => AssertPasses(row, "prompts");

    private static void AssertPasses(string row, string name)
    {
        var report = ModelCheck.Run(TestMaterial.ModelFolder(row), folder => new SameLogits(ModelConfig.Load(folder).VocabularySize), TestContext.Current.CancellationToken);
        var finding = Assert.Single(report.Findings, finding => finding.Name == name);
        Assert.Empty(finding.Differences);
        Assert.InRange(finding.Compared, 1, int.MaxValue);
    }

    /// <summary>For checks that need no model.</summary>
    private sealed class SameLogits(int vocabulary) : IForwardPass
    {
        private readonly float[] logits = new float[vocabulary];

        public void Run(ReadOnlySpan<int> ids, LogitsRow row)
        {
            for (var position = 0; position < ids.Length; position++)
                row(position, logits);
        }

        public void Dispose()
        {
        }
    }
}
