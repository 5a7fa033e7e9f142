using System.Collections.Concurrent;
using TorchSharp;

namespace GenPrm.Trainer.Runs;

/// <summary>The one thread on which a run computes. Torch keeps a team of helpers for every thread that calls it; a run that wandered over
/// the pool's threads, as continuations do, would start a team after each wait, and the teams would fight for the cores.</summary>
internal sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> work = new(boundedCapacity: 1);
    private readonly int threadsBefore = torch.get_num_threads();
    private readonly Thread thread;

    /// <param name="threads">Of a matrix product, from 1.</param>
    public ComputeThread(int threads)
    {
        thread = new Thread(Work) { IsBackground = true, Name = "training" };
        thread.Start();

        void Work()
        {
            // A thread takes the process's number once, when it is first asked: asked later, it would take what another run has set meanwhile, and sums would differ.
            _ = torch.get_num_threads();
            torch.set_num_threads(threads);
            foreach (var one in work.GetConsumingEnumerable())
                one();
            torch.set_num_threads(threadsBefore);
        }
    }

    /// <summary>Threads for a model: all that torch would take, as long as each has some milliseconds of work in a micro-batch; below that
    /// waiting for each other costs more than is won.</summary>
    public static int Default(long parameters, int microBatchTokens)
    {
        const long Each = 300_000_000; // parameters x tokens: 6 FLOP each, some 20 ms of a core
        return (int)Math.Clamp(parameters * microBatchTokens / Each, 1, torch.get_num_threads());
    }

    /// <summary>Computes there.</summary>
    public Task<T> Run<T>(Func<T> compute)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(compute());
            }
            catch (OperationCanceledException error)
            {
                done.SetCanceled(error.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread, so that the process's number of threads is what it was before.</summary>
    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }
}
