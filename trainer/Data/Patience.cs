using GenPrm.Grains.Hosting;
using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>Calls that may be made again, made again while a silo or the store is away: a training of days does not end with a restart elsewhere.</summary>
/// <param name="time">For delays.</param>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>After so long without an answer there is none.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The answer.</summary>
    /// <param name="what">What is asked for, for the message.</param>
    /// <exception cref="TrainingException">No answer within <see cref="Limit"/>.</exception>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            try
            {
                return await call().WaitAsync(cancellationToken);
            }
            catch (Exception passing) when (GrainTrouble.IsPassing(passing))
            {
                if (time.GetElapsedTime(start) >= Limit)
                    throw new TrainingException($"{what} could not be read for {Limit.TotalMinutes:0} minutes: {passing.Message} When the silos answer again, the same command goes on from the last checkpoint.", passing);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
