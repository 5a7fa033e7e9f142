using System.Collections.Immutable;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Model.Engine;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Model;

public sealed class StreamTests
{
    private static readonly EngineOptions Options = new() { Device = "cpu", Dtype = "f32", KeyValueBytes = 32 << 20 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string TinyLlama => TestMaterial.ModelFolder(TestMaterial.Shared("models", "tiny-llama"));

    [Fact]
    public async Task Stream_ManySeeds_JoinsToWhatGenerateGives()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var request = Request("12 + 7 =", [1, 2, 3, 4, 5, 6], new Sampling { MaxNewTokens = 60, Temperature = 1.5 });
        var whole = await engine.GenerateAsync(request, Cancellation);
        var events = await EventsAsync(engine, request);
        Assert.Equal(new GenerationEvent.Started(whole.PromptTokens), events[0]);
        for (var place = 0; place < request.Seeds.Length; place++)
        {
            Assert.Equal(whole.Completions[place].Text, Text(events, place));
            var end = Assert.Single(events.OfType<GenerationEvent.Ended>(), ended => ended.Continuation == place);
            Assert.Equal((whole.Completions[place].Finish, whole.Completions[place].Tokens), (end.Finish, end.Tokens));
        }
        // A character that lies in several tokens comes whole: only its last token's text has it.
        Assert.All(events.OfType<GenerationEvent.Grew>(), grew => Assert.Equal(grew.Text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(grew.Text))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Stream_StopString_IsNeverToldNotEvenItsBeginning(int length)
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var sampling = new Sampling { MaxNewTokens = 60, KeepStopString = false };
        var whole = Assert.Single((await engine.GenerateAsync(Request("a", [5], sampling), Cancellation)).Completions).Text;
        var stop = whole.Substring(whole.Length / 2, length);
        var request = Request("a", [5], sampling with { StopStrings = [stop, "never to come", stop + "x"] }, logProbabilities: true);
        var events = await EventsAsync(engine, request, best: 2);
        var text = Text(events, 0);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], text);
        Assert.Equal(FinishReason.StopString, Assert.Single(events.OfType<GenerationEvent.Ended>()).Finish);
        // Tokens that the stop string took with it are not told either.
        Assert.All(events.OfType<GenerationEvent.Grew>().SelectMany(grew => grew.Tokens), token => Assert.InRange(token.Offset, 0, text.Length - 1));
    }

    [Fact]
    public async Task Stream_LogProbabilities_AreThoseOfGenerateAndTheirBytesAreTheText()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var request = Request("2 + 2", [9, 10], new Sampling { MaxNewTokens = 40 }, logProbabilities: true);
        var whole = await engine.GenerateAsync(request, Cancellation);
        var events = await EventsAsync(engine, request, best: 3);
        for (var place = 0; place < 2; place++)
        {
            var tokens = events.OfType<GenerationEvent.Grew>().Where(grew => grew.Continuation == place).SelectMany(grew => grew.Tokens).ToList();
            var chosen = whole.Completions[place].Finish == FinishReason.EndToken ? tokens.Count + 1 : tokens.Count;
            Assert.Equal(whole.Completions[place].Tokens, chosen);
            Assert.All(tokens.Zip(whole.Completions[place].LogProbabilities), pair => Assert.Equal(pair.Second, pair.First.Token.LogProbability, 1e-4));
            Assert.Equal(whole.Completions[place].Text, Encoding.UTF8.GetString([.. tokens.SelectMany(token => token.Token.Bytes)]));
            Assert.All(tokens, token =>
            {
                Assert.Equal(3, token.Best.Length);
                Assert.Equal(token.Best.OrderByDescending(one => one.LogProbability), token.Best);
                Assert.True(token.Best[0].LogProbability >= token.Token.LogProbability - 1e-6);
            });
        }
    }

    [Fact]
    public async Task Stream_ReaderThatStops_EndsTheRequest()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { KeyValueBytes = 1_000_000 });
        var request = Request("x", [.. Enumerable.Range(0, 20).Select(seed => (ulong)seed)], new Sampling { MaxNewTokens = 400 });
        await foreach (var grown in engine.StreamAsync(request, 0, Cancellation))
        {
            if (grown is GenerationEvent.Grew)
                break;
        }
        // The small memory has room for this one only because the other is gone.
        var after = await engine.GenerateAsync(Request("y", [1], new Sampling { MaxNewTokens = 3 }), Cancellation);
        Assert.Equal(3, after.Completions[0].Tokens);
    }

    [Fact]
    public async Task Stream_ReaderThatIsStuck_LosesItsRequestAndHoldsUpNobody()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options with { MaxBatch = 4, MaxUnread = 20 });
        var request = Request("x", [1, 2, 3, 4], new Sampling { MaxNewTokens = 2000 });
        await using var reader = engine.StreamAsync(request, 0, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await reader.MoveNextAsync());
        Assert.True(await reader.MoveNextAsync());
        // It does not read on. Another request, which needs a place in the full batch, is served all the same.
        var other = await engine.GenerateAsync(Request("y", [1], new Sampling { MaxNewTokens = 3 }), Cancellation);
        Assert.Equal(3, other.Completions[0].Tokens);
        await Assert.ThrowsAsync<ReaderTooSlowException>(async () =>
        {
            while (await reader.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task Stream_PromptBeyondTheContext_SaysBothNumbersBeforeTheFirstEvent()
    {
        await using var engine = GenerationEngine.Load(TinyLlama, Options);
        var request = Request(string.Concat(Enumerable.Repeat("1 ", 20_000)), [1], new Sampling());
        await using var reader = engine.StreamAsync(request, 0, Cancellation).GetAsyncEnumerator(Cancellation);
        var error = await Assert.ThrowsAsync<GenerationException>(async () => await reader.MoveNextAsync());
        Assert.Contains($"context {engine.Facts.ContextTokens}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab", new[] { "abc" }, 0)]
    [InlineData("xab", new[] { "abc", "b!" }, 1)]
    [InlineData("xab", new[] { "b!" }, 2)]
    [InlineData("aaa", new[] { "aab" }, 1)]
    [InlineData("xyz", new[] { "q" }, 3)]
    [InlineData("", new[] { "q" }, 0)]
    public void Settled_BeginningOfAStopString_IsHeldBack(string written, string[] stops, int settled)
    {
        var tokenizer = Tokenizer.Load(TinyLlama);
        var text = new ContinuationText(tokenizer.StartDecoding(), new Sampling { StopStrings = [.. stops], KeepStopString = false });
        foreach (var token in tokenizer.Encode(written, addSpecial: false))
            Assert.False(text.Add(token));
        Assert.Equal(settled, text.Settled());
    }

    private static async Task<List<GenerationEvent>> EventsAsync(GenerationEngine engine, GenerationRequest request, int best = 0)
    {
        var events = new List<GenerationEvent>();
        await foreach (var grown in engine.StreamAsync(request, best, Cancellation))
            events.Add(grown);
        return events;
    }

    private static string Text(IEnumerable<GenerationEvent> events, int continuation) =>
        string.Concat(events.OfType<GenerationEvent.Grew>().Where(grew => grew.Continuation == continuation).Select(grew => grew.Text));

    private static GenerationRequest Request(string text, ImmutableArray<ulong> seeds, Sampling sampling, bool logProbabilities = false) =>
        new("m", new Prompt.Text(text), seeds, sampling, logProbabilities);
}
