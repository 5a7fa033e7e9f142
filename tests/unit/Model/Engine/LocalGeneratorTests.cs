using GenPrm.Core.Generation;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Engine;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Model;

public sealed class LocalGeneratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_UnknownName_SaysWhichAreKnown()
    {
        await using var generator = new LocalGenerator(new Dictionary<string, string> { ["policy"] = "/nowhere" }, new EngineOptions());
        var request = new GenerationRequest("judge", new Prompt.Text("a"), [1], new Sampling());
        var error = await Assert.ThrowsAsync<GenerationException>(() => generator.GenerateAsync(request, Cancellation));
        Assert.Contains("`judge`", error.Message, StringComparison.Ordinal);
        Assert.Contains("policy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_FolderThatComesLater_IsLoadedByARequestAfterTheWait()
    {
        var parent = Directory.CreateTempSubdirectory("genprm-models-");
        try
        {
            var time = new FakeTimeProvider();
            var folder = Path.Combine(parent.FullName, "late");
            await using var generator = new LocalGenerator(
                new Dictionary<string, string> { ["policy"] = folder, ["judge"] = folder }, new EngineOptions { Device = "cpu", Dtype = "f32", KeyValueBytes = 4 << 20 }, time);
            var first = await Assert.ThrowsAsync<CheckpointException>(() => generator.DescribeAsync("policy", Cancellation));

            Directory.CreateSymbolicLink(folder, TestMaterial.ModelFolder(Path.Combine("tests", "data", "tiny-qwen3")));
            // A folder is not read again by every request that comes, under whichever name.
            Assert.Same(first, await Assert.ThrowsAsync<CheckpointException>(() => generator.DescribeAsync("judge", Cancellation)));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True((await generator.DescribeAsync("judge", Cancellation)).ContextTokens > 0);
            Assert.True((await generator.DescribeAsync("policy", Cancellation)).ContextTokens > 0);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Generate_ConversationsUnderTwoNamesOfOneFolder_WaitOutsideASmallEngine()
    {
        var folder = TestMaterial.ModelFolder(TestMaterial.Shared("models", "tiny-qwen3"));
        await using var generator = new LocalGenerator(
            new Dictionary<string, string> { ["policy"] = folder, ["judge"] = folder + "/" },
            new EngineOptions { Device = "cpu", Dtype = "f32", KeyValueBytes = 4 << 20, MaxWaiting = 1, MaxBatch = 2 });
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => generator.GenerateAsync(
            new GenerationRequest(
                index % 2 == 0 ? "policy" : "judge",
                new Prompt.Chat([ChatMessage.User("What is 1 + 1?")], "Step 1:"),
                [42],
                new Sampling { MaxNewTokens = 6 }),
            Cancellation)));
        Assert.Single(results.Select(result => result.Completions[0].Text).Distinct());
    }
}
