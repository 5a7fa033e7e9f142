using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
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

    private static BatchReader Reader(ISampleSource source, int epochs, int maxLength = 4096)
    {
        var folder = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");
        return new(source, Order, new(Tokenizer.Load(folder), ChatTemplate.Load(folder), Objective.Critique), batchSize: 8, maxLength, epochs);
    }
}
