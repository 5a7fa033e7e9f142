using GenPrm.Model.Checking;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;

namespace GenPrm.Tests.Unit.Model.Checking;

/// <summary>Every folder with expected results, through the check that users run.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> References() => TestMaterial.SharedModelsWith("reference.json");

    public static TheoryData<string> TinyReferences() => [.. TestMaterial.SharedModelsWith("reference.json").Select(row => (string)row)
        .Where(row => row == TestMaterial.None || ModelConfig.Load(row).ParameterCount < 10_000_000)];

    /// <summary>Folders of a tokenizer or of templates alone.</summary>
    public static TheoryData<string> Texts() => [.. TestMaterial.SharedModelsWith("golden_*.jsonl").Select(row => (string)row)
        .Where(row => row == TestMaterial.None || !File.Exists(Path.Combine(row, "reference.json"))).Distinct()];

    [Theory]
    [MemberData(nameof(References))]
    public void Check_FolderWithReference_AgreesInFloat32(string row) => AssertPasses(row, "f32");

    [Theory]
    [MemberData(nameof(Texts))]
    public void Check_FolderOfTextsAlone_Agrees(string row) => AssertPasses(row, "f32");

    [Theory]
    [MemberData(nameof(TinyReferences))]
    public void Check_TinyModelInFloat64_StaysNearTheReference(string row)
    {
        var logits = Assert.Single(AssertPasses(row, "f64").Findings, finding => finding.Name == "logits");
        Assert.InRange(logits.Largest!.Value, 0, 7e-5);
    }

    private static CheckReport AssertPasses(string row, string dtype)
    {
        var report = ModelCheck.Run(TestMaterial.ModelFolder(row), folder => DecoderForwardPass.Load(folder, TorchTarget.Parse("cpu", dtype)), TestContext.Current.CancellationToken);
        Assert.Empty(report.Findings.SelectMany(finding => finding.Differences));
        Assert.All(report.Findings.Where(finding => finding.Name != "loading"), finding => Assert.InRange(finding.Compared, 1, int.MaxValue));
        Assert.InRange(report.Findings.Length, 2, 8);
        return report;
    }
}
