using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

/// <summary>A job and its sample log without a cluster.</summary>
internal sealed class FakeJob : IGrainAccess
{
    private readonly IGrainFactory factory;

    public FakeJob()
    {
        var summary = new JobSummary(
            "sums", JobState.Running, default, null, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, WorkCounts.None, WorkRates.None,
            [], [], [], ClassCounts.Empty, ClassCounts.Empty, []);
        var job = Answering.As<IJobGrain>((_, _) =>
        {
            Length = Growth.TryDequeue(out var grown) ? grown : Length;
            return Task.FromResult(summary with { State = State });
        });
        var log = Answering.As<ISampleLogGrain>((method, arguments) => method == nameof(ISampleLogGrain.Length)
            ? Task.FromResult<long>(Length)
            : Task.FromResult(Read((int)(long)arguments[0]!, (int)arguments[1]!)));
        factory = Answering.As<IGrainFactory>((_, arguments) => (string)arguments[0]! == "sums" ? job : log);
    }

    public JobState State { get; set; } = JobState.Running;

    public int Length { get; set; }

    /// <summary>How long the log is after each look at the job.</summary>
    public Queue<int> Growth { get; } = new();

    /// <summary>Numbers that were read, in order.</summary>
    public List<int> Numbers { get; } = [];

    public int TimesLetGo { get; private set; }

    public Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken) => call(factory);

    public Task LetGoAsync()
    {
        TimesLetGo++;
        return Task.CompletedTask;
    }

    private ImmutableArray<LogEntry> Read(int after, int count)
    {
        var numbers = Enumerable.Range(after + 1, Math.Min(count, Length - after)).ToList();
        Numbers.AddRange(numbers);
        return [.. numbers.Select(number => new LogEntry(number, new(new("sums", 1, number, 0, 0), $"{number}", Conversations.Of(number).Turns, Conversations.Of(number).Labels)))];
    }
}
