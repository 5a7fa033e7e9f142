using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Model.Engine;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Model;

public sealed class GenerationEngineTests
{
    private static readonly EngineOptions Options = new() { Device = "cpu", Dtype = "f32", KeyValueBytes = 8 << 20 };

    public static TheoryData<string> Folders => TestMaterial.ModelsWith("reference.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string TinyLlama => TestMaterial.ModelFolder(TestMaterial.Shared("models", "tiny-llama"));

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Generate_Greedy_FollowsTheReference(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        await using var engine = GenerationEngine.Load(folder, Options with { KeyValueBytes = 64 << 20 });
        var tokenizer = Tokenizer.Load(folder);
        var compared = 0;
        foreach (var reference in ReferenceCase.Load(folder).Take(3))
        {
            var text = tokenizer.Decode(reference.Prompt);
            if (!tokenizer.Encode(text, addSpecial: true).AsSpan().SequenceEqual(reference.Prompt))
                continue;
            var request = Request(text, [1], new Sampling { Temperature = 0, MaxNewTokens = reference.Greedy.Length }, logProbabilities: true);
            var completion = Assert.Single((await engine.GenerateAsync(request, Cancellation)).Completions);
            for (var place = 0; place < completion.LogProbabilities.Length; place++, compared++)
                Assert.Equal(reference.GreedyLogProbabilities[place], completion.LogProbabilities[place], 2e-3);
        }

        Assert.True(compared > 0, "none of the reference's prompts comes back from its text, so nothing was compared");
    }

    [Fact]
    public async Task Generate_SameRequestAgain_GivesTheSameTexts()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var request = Request("12 + 7 =", [1, 2, 3], new Sampling { MaxNewTokens = 24 });
        var first = await engine.GenerateAsync(request, Cancellation);
        var second = await engine.GenerateAsync(request, Cancellation);
        Assert.Equal(first.Completions.Select(completion => completion.Text), second.Completions.Select(completion => completion.Text));
        Assert.Equal(3, first.Completions.Select(completion => completion.Text).Distinct().Count());
    }

    [Fact]
    public async Task Generate_InCompany_GivesTheSameTextsAndLogProbabilities()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { MaxBatch = 8 });
        var requests = Enumerable.Range(0, 12)
            .Select(index => Request($"Problem {index}: what is {index} + {index * 7}?", [(ulong)index, 77], new Sampling { MaxNewTokens = 8 + (index * 3) }, logProbabilities: true))
            .ToList();
        var alone = new List<GenerationResult>();
        foreach (var request in requests)
            alone.Add(await engine.GenerateAsync(request, Cancellation));
        var together = await Task.WhenAll(requests.Select(request => engine.GenerateAsync(request, Cancellation)));
        foreach (var (expected, actual) in alone.Zip(together).SelectMany(pair => pair.First.Completions.Zip(pair.Second.Completions)))
        {
            Assert.Equal(expected.Text, actual.Text);
            Assert.All(expected.LogProbabilities.Zip(actual.LogProbabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        }
    }

    [Fact]
    public async Task Generate_StopStringAcrossTokens_EndsTheTextThere()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var sampling = new Sampling { MaxNewTokens = 60 };
        var whole = Assert.Single((await engine.GenerateAsync(Request("a", [5], sampling), Cancellation)).Completions).Text;
        var stop = whole.Substring(whole.Length / 2, 4);
        var end = whole.IndexOf(stop, StringComparison.Ordinal) + 4;
        var kept = Assert.Single((await engine.GenerateAsync(Request("a", [5], sampling with { StopStrings = [stop] }), Cancellation)).Completions);
        var cut = Assert.Single((await engine.GenerateAsync(
            Request("a", [5], sampling with { StopStrings = [stop, "not to be found"], KeepStopString = false }), Cancellation)).Completions);
        Assert.Equal((whole[..end], FinishReason.StopString), (kept.Text, kept.Finish));
        Assert.Equal(whole[..(end - 4)], cut.Text);
    }

    [Fact]
    public async Task Score_Alternatives_GivesWhatAForcedContinuationHas()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var request = Request("Is it so?", [1], new Sampling { Temperature = 0, MaxNewTokens = 1 }, logProbabilities: true);
        var best = Assert.Single((await engine.GenerateAsync(request, Cancellation)).Completions);
        var scores = await engine.ScoreAsync(new ScoreRequest("m", request.Prompt, [best.Text, " Yes", " No, it is not"]), Cancellation);
        Assert.Equal(best.LogProbabilities[0], scores[0], 1e-4);
        Assert.True(scores[0] > scores[1] && scores[1] < 0 && scores[2] < scores[1]);
    }

    [Fact]
    public async Task Generate_PromptBeyondTheBudget_SaysNumbersAndRemedy()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { KeyValueBytes = 100_000 });
        var request = Request(string.Concat(Enumerable.Repeat("many words ", 200)), [1], new Sampling { MaxNewTokens = 50 });
        var error = await Assert.ThrowsAsync<GenerationException>(() => engine.GenerateAsync(request, Cancellation));
        Assert.Contains("the budget is 100000", error.Message, StringComparison.Ordinal);
        Assert.Contains("KeyValueBytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_PromptThatCanNotFit_IsRefusedByItsLength()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var (context, longest) = (engine.Facts.ContextTokens, Tokenizer.Load(TinyLlama).LongestToken);
        foreach (var (text, part) in new[] { (new string('é', (context * longest / 2) + 1), "bytes"), (string.Concat(Enumerable.Repeat("1 + ", context * 2)), "tokens or more") })
        {
            var error = await Assert.ThrowsAsync<GenerationException>(() => engine.GenerateAsync(Request(text, [1], new Sampling()), Cancellation));
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Generate_MoreThanTheBudgetHolds_WaitsAndFinishes()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { KeyValueBytes = 300_000 });
        var requests = Enumerable.Range(0, 10).Select(index =>
            engine.GenerateAsync(Request($"Number {index}.", [1, 2, 3, 4], new Sampling { MaxNewTokens = 30 }), Cancellation));
        Assert.All(await Task.WhenAll(requests), result => Assert.Equal(4, result.Completions.Length));
    }

    [Fact]
    public async Task Generate_Cancelled_LeavesRoomForOthers()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { KeyValueBytes = 1_000_000 });
        using var cancellation = new CancellationTokenSource();
        var long1 = engine.GenerateAsync(Request("x", [.. Enumerable.Range(0, 20).Select(seed => (ulong)seed)], new Sampling { MaxNewTokens = 400 }), cancellation.Token);
        var first = await engine.GenerateAsync(Request("y", [1], new Sampling { MaxNewTokens = 3 }), Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => long1);
        var after = await engine.GenerateAsync(Request("y", [1], new Sampling { MaxNewTokens = 3 }), Cancellation);
        Assert.Equal(first.Completions[0].Text, after.Completions[0].Text);
    }

    [Fact]
    public async Task Generate_TokenizerThatAddsABeginToken_GivesEachPromptOne()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama")))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        folder.Write("tokenizer_config.json", """{ "bos_token": "<|endoftext|>", "eos_token": "<|im_end|>", "add_bos_token": true }""");
        folder.Write("chat_template.jinja", "{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}");
        await using var engine = GenerationEngine.Load(folder.Path, Options);
        Assert.Equal(2, await TokensOf(new Prompt.Text("S")));
        Assert.Equal(2, await TokensOf(new Prompt.Text("<|endoftext|>S")));
        Assert.Equal(2, await TokensOf(new Prompt.Chat([ChatMessage.User("S")], "")));

        async Task<int> TokensOf(Prompt prompt) =>
            (await engine.GenerateAsync(new("m", prompt, [1], new Sampling { MaxNewTokens = 1 }), Cancellation)).PromptTokens;
    }

    [Theory]
    [InlineData(1e-40)]
    [InlineData(1e-320)]
    public async Task Generate_TemperatureTooSmallToDivideBy_IsGreedyAndFailsNobody(double temperature)
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var other = engine.GenerateAsync(Request("x", [1], new Sampling { MaxNewTokens = 30 }), Cancellation);
        var small = await engine.GenerateAsync(Request("y", [1], new Sampling { Temperature = temperature, TopP = 0.9, MaxNewTokens = 6 }), Cancellation);
        var greedy = await engine.GenerateAsync(Request("y", [1], new Sampling { Temperature = 0, MaxNewTokens = 6 }), Cancellation);
        Assert.Equal(greedy.Completions[0].Text, small.Completions[0].Text);
        Assert.Single((await other).Completions);
        await Assert.ThrowsAsync<GenerationException>(() => engine.GenerateAsync(Request("y", [1], new Sampling { Temperature = 1e300 }), Cancellation));
    }

    private static GenerationRequest Request(string text, ImmutableArray<ulong> seeds, Sampling sampling, bool logProbabilities = false) =>
        new("m", new Prompt.Text(text), seeds, sampling, logProbabilities);
}
