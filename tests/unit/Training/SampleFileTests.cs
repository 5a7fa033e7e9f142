using GenPrm.Model.Training;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

public sealed class SampleFileTests
{
    [Fact]
    public void Read_FileWithABadLine_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("samples.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n{\"messages\": 3}\n");

        Assert.Contains("samples.jsonl:2", Assert.Throws<TrainingException>(() => SampleFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": null}]}", "`content` of message 2 is null")]
    [InlineData("{\"messages\": [{\"role\": null, \"content\": \"x\"}]}", "`role` of message 1 is null")]
    [InlineData("{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}], \"trained\": [[[0]]]}", "is not a sample")]
    [InlineData("{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}], \"trained\": [[], []]}", "`trained` has 2 entries for 1 messages")]
    public void Read_SampleWithAHole_NamesLineAndField(string line, string said)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<TrainingException>(() => SampleFile.Read(folder.Write("samples.jsonl", line)));

        Assert.Contains("samples.jsonl:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SameSamplesUnderAnotherName_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        const string Text = "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n{\"messages\": [{\"role\": \"assistant\", \"content\": \"y\"}]}\n";

        var (one, other) = (SampleFile.Read(folder.Write("a.jsonl", Text)), SampleFile.Read(folder.Write("b.jsonl", Text)));

        Assert.Equal(one.Select(sample => sample.Problem), other.Select(sample => sample.Problem));
        Assert.Equal(new ListedSamples(one).Identity, new ListedSamples(other).Identity);
        Assert.NotEqual(new ListedSamples(one).Identity, new ListedSamples([.. other.Reverse()]).Identity);
    }

    [Fact]
    public void Read_EmptyFile_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("holds no sample", Assert.Throws<TrainingException>(() => SampleFile.Read(folder.Write("samples.jsonl", ""))).Message, StringComparison.Ordinal);
    }
}
