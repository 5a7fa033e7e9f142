using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

public sealed class BatchReaderTests
{
    private static readonly DataOrder Order = new(Seed: 3, WindowSize: 16, HeldOutShare: 0.2);

    [Fact]
    public async Task Read_WholeEpochs_TrainsEverySampleOnceInEach()
    {
        var reader = Reader(Conversations.Many(50), epochs: 2);
        var samples = new List<EncodedSample>();
        var position = DataPosition.Start;
        while (await reader.ReadAsync(position, TestContext.Current.CancellationToken) is { } batch)
        {
            samples.AddRange(batch.Samples);
            position = batch.After;
        }

        var counts = position.Counts;
        Assert.Equal(50, counts.Read);
        Assert.Equal(counts.Read, counts.Trained + counts.HeldOut + counts.TooLong + counts.NothingToTrain);
        Assert.InRange(counts.HeldOut, 1, 25);
        Assert.Equal(2 * counts.Trained, samples.Count);
        var times = samples.GroupBy(sample => string.Join(' ', sample.Sequences[0].Tokens)).Select(group => group.Count()).ToList();
        Assert.All(times, count => Assert.Equal(2, count));
        Assert.NotEqual(Key(samples[0]), Key(samples[(int)counts.Trained]));
    }

    [Fact]
    public async Task Read_FromAnyPosition_GivesTheSameBatch()
    {
        var positions = new List<(DataPosition At, SampleBatch Batch)>();
        var reader = Reader(Conversations.Many(50), epochs: 2);
        for (var position = DataPosition.Start; await reader.ReadAsync(position, TestContext.Current.CancellationToken) is { } batch; position = batch.After)
            positions.Add((position, batch));

        foreach (var (at, batch) in positions.AsEnumerable().Reverse())
        {
            var again = await Reader(Conversations.Many(50), epochs: 2).ReadAsync(at, TestContext.Current.CancellationToken);
            Assert.Equal(batch.Samples.Select(Key), again!.Samples.Select(Key));
            Assert.Equal(batch.After, again.After);
        }
    }

    [Fact]
    public async Task Read_GrowingSource_GivesTheBatchesOfTheWholeOne()
    {
        var grown = Reader(Conversations.Many(64), epochs: 1);
        var begun = Reader(Conversations.Many(32), epochs: 1);
        var position = DataPosition.Start;

        for (var number = 0; number < 3; number++)
        {
            var early = await begun.ReadAsync(position, TestContext.Current.CancellationToken);
            var late = await grown.ReadAsync(position, TestContext.Current.CancellationToken);
            Assert.Equal(early!.Samples.Select(Key), late!.Samples.Select(Key));
            position = late.After;
        }
    }

    [Fact]
    public async Task ReadHeldOut_SharesNoProblemWithTraining()
    {
        var reader = Reader(Conversations.Many(50), epochs: 1);

        var held = await reader.ReadHeldOutAsync(long.MaxValue, 100, TestContext.Current.CancellationToken);

        var expected = Enumerable.Range(0, 50).Count(number => Order.IsHeldOut(Conversations.Of(number).Problem));
        Assert.Equal(expected, held.Length);
    }

    [Fact]
    public async Task Read_TooLongSamples_AreCountedAndLeftOut()
    {
        var batch = await Reader(Conversations.Many(30), epochs: 1, maxLength: 3).ReadAsync(DataPosition.Start, TestContext.Current.CancellationToken);

        Assert.Null(batch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_EpochsOfWholeBatches_EndWithTheirLastBatch(bool growing)
    {
        ISampleSource source = growing ? new GrowingSamples(32) : Conversations.Many(32);
        var reader = Reader(source, epochs: 2, order: Order with { HeldOutShare = 0 });

        var batches = await AllAsync(reader);

        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], batches.Select(batch => batch.Epoch));
        Assert.All(batches, batch => Assert.Equal(8, batch.Samples.Length));
        Assert.Equal(2, batches[^1].After.Epoch);
        // A log may go on behind its fourth batch: only a file's end is known then.
        Assert.Equal(growing ? 0 : 1, batches[3].After.Epoch);
        Assert.Equal(32, batches[^1].After.Counts.Read);
    }

    [Fact]
    public async Task Read_NothingToTrainBehindAFullBatch_EndsTheEpochAndCountsAll()
    {
        // In windows of one the order is the file's: eight to train, one without an assistant's turn, one held out.
        var conversations = Enumerable.Range(0, 40).Select(number => Conversations.Of(number)).Where(one => !Order.IsHeldOut(one.Problem)).Take(8).ToList();
        conversations.Add(conversations[0] with { Turns = conversations[0].Turns[..2] });
        conversations.Add(Enumerable.Range(0, 40).Select(number => Conversations.Of(number)).First(one => Order.IsHeldOut(one.Problem)));
        var reader = Reader(new ListedSamples([.. conversations]), epochs: 2, order: Order with { WindowSize = 1 });

        var batches = await AllAsync(reader);

        Assert.Equal([0, 1], batches.Select(batch => batch.Epoch));
        Assert.Equal([1, 2], batches.Select(batch => batch.After.Epoch));
        Assert.All(batches, batch => Assert.Equal(new(10, 8, 1, 0, 1), batch.After.Counts));
    }

    [Fact]
    public async Task End_OfALogWithAnUntrainedTail_CountsAll()
    {
        var reader = Reader(new GrowingSamples(40), epochs: 1, order: Order with { HeldOutShare = 0 });
        var last = (await AllAsync(reader))[^1];

        var end = await Reader(new GrowingSamples(40), epochs: 1, order: Order with { HeldOutShare = 0 }).EndAsync(last.After, TestContext.Current.CancellationToken);

        Assert.Equal((1, 40L, 40L), (end.Epoch, end.Counts.Read, end.Total));
    }

    [Fact]
    public async Task Read_LogThatGrowsAfterItsEndWasRead_TrainsEachSampleOnceInEachEpoch()
    {
        var source = new GrowingSamples(40);
        var whole = await AllAsync(Reader(new GrowingSamples(40), epochs: 2));
        var position = DataPosition.Start;
        var batches = new List<SampleBatch>();
        // The log grows when the first batch of its last, partial window is cut.
        while (await Reader(source, epochs: 2).ReadAsync(position, TestContext.Current.CancellationToken) is { } batch)
        {
            batches.Add(batch);
            position = batch.After;
            source.Length = position.Total is null ? 40 : 70;
        }

        Assert.Equal(whole.SelectMany(batch => batch.Samples).Select(Key), batches.SelectMany(batch => batch.Samples).Select(Key));
        Assert.Equal(40, position.Total);
    }

    [Fact]
    public async Task Read_LogThatHasLessThanItHad_IsRefused()
    {
        var source = new GrowingSamples(40);
        var after = (await AllAsync(Reader(source, epochs: 1)))[^1].After;
        source.Length = 30;

        var error = await Assert.ThrowsAsync<TrainingException>(() => AllAsync(Reader(source, epochs: 2), after));

        Assert.Contains("were 40 when this run read them, and are now only 30", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, false, 0)]
    [InlineData(0, 1, false, 16)]
    [InlineData(0, 2, true, 32)]
    [InlineData(1, 0, true, 40)]
    public async Task ReadHeldOut_OfALog_TakesFullWindowsInTheFirstEpochAndThenAll(int epoch, int window, bool total, int looked)
    {
        var reader = Reader(new GrowingSamples(70), epochs: 3);
        var position = new DataPosition(epoch, window, 0, SampleCounts.None, total ? 40 : null);

        var held = await reader.ReadHeldOutAsync(position, 100, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, looked).Count(number => Order.IsHeldOut(Conversations.Of(number).Problem)), held.Length);
    }

    [Fact]
    public async Task ReadHeldOut_Again_ReadsNoWindowTwice()
    {
        var source = new GrowingSamples(40);
        var reader = Reader(source, epochs: 2);
        var position = new DataPosition(1, 0, 0, SampleCounts.None, 40);

        var first = await reader.ReadHeldOutAsync(position, 100, TestContext.Current.CancellationToken);
        var again = await reader.ReadHeldOutAsync(position, 100, TestContext.Current.CancellationToken);

        Assert.Equal(first.Select(Key), again.Select(Key));
        Assert.Equal([0, 1, 2], source.Asked);
    }

    [Fact]
    public async Task Read_SampleThatTheTemplateRefuses_IsCountedWithItsReason()
    {
        var odd = Conversations.Of(7) with { Turns = [.. Conversations.Of(7).Turns, SampleTurn.Untrained(ChatMessage.User("refuse me"))] };
        var source = new ListedSamples([.. Enumerable.Range(0, 6).Select(number => Conversations.Of(number)), odd]);
        var template = ChatTemplate.Parse(
            "{% for message in messages %}{% if message.content == 'refuse me' %}{{ raise_exception('an odd one') }}{% endif %}{{ message.content }}{% endfor %}",
            new Dictionary<string, string>(), "test", TimeProvider.System);

        var batch = await Reader(source, epochs: 1, order: Order with { HeldOutShare = 0 }, template: template).ReadAsync(DataPosition.Start, TestContext.Current.CancellationToken);

        Assert.Equal((7L, 6L, 1L), (batch!.After.Counts.Read, batch.After.Counts.Trained, batch.After.Counts.Refused));
        Assert.Contains("an odd one", batch.After.Counts.FirstRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Shuffle_IsAPermutationOfItsSeedEpochAndWindow()
    {
        var first = Order.Shuffle(0, 0, 100);

        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(first, Order.Shuffle(0, 0, 100));
        Assert.NotEqual(first, Order.Shuffle(1, 0, 100));
        Assert.NotEqual(first, Order.Shuffle(0, 1, 100));
        Assert.NotEqual(first, (Order with { Seed = 4 }).Shuffle(0, 0, 100));
    }

    private static string Key(EncodedSample sample) => string.Join(' ', sample.Sequences[0].Tokens);

    private static async Task<List<SampleBatch>> AllAsync(BatchReader reader, DataPosition? from = null)
    {
        var batches = new List<SampleBatch>();
        for (var position = from ?? DataPosition.Start; await reader.ReadAsync(position, TestContext.Current.CancellationToken) is { } batch; position = batch.After)
            batches.Add(batch);
        return batches;
    }

    private static BatchReader Reader(ISampleSource source, int epochs, int maxLength = 4096, DataOrder? order = null, ChatTemplate? template = null)
    {
        var folder = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");
        return new(source, order ?? Order, new(Tokenizer.Load(folder), template ?? ChatTemplate.Load(folder), Objective.Critique), batchSize: 8, maxLength, epochs);
    }
}
