using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GenPrm.Model.Torch;
using TorchSharp;

namespace GenPrm.Model.Cpu;

/// <summary>Runs a loop on torch's own OpenMP threads.</summary>
/// <remarks>Between matrix products these threads wait by spinning. Threads of another pool would fight them for the cores; entering the
/// same team costs 4 µs. <c>GOMP_parallel</c> is what compilers call for a parallel region, and part of GNU OpenMP's stable interface.</remarks>
internal static unsafe class ThreadTeam
{
    private static readonly nint Enter = NativeTorch.TorchExport("GOMP_parallel");

    /// <summary>Calls <paramref name="body"/> with 0 .. <paramref name="count"/> - 1, in any order, and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">A call threw; what it threw is the inner exception. With one thread or many.</exception>
    public static void For(int count, Action<int> body)
    {
        // The whole team, however few the calls: threads that a smaller one leaves out would end, and be made again for the next product.
        var threads = count <= 1 ? 1 : torch.get_num_threads();
        var work = new Work(count, body);
        if (threads <= 1)
            work.Share();
        else if (Enter == 0)
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => work.Share());
        else
            RunTeam(work, threads);
        if (work.Error is { } error)
            throw new InvalidOperationException($"A parallel loop failed: {error.Message}", error);
    }

    private static void RunTeam(Work work, int threads)
    {
        var handle = GCHandle.Alloc(work);
        try
        {
            ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void>)Enter)(
                &Run, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(void* data) => ((Work)GCHandle.FromIntPtr((nint)data).Target!).Share();

    private sealed class Work(int count, Action<int> body)
    {
        private int next;

        public Exception? Error { get; private set; }

        /// <summary>One thread's share. Throws nothing: there may be native frames below.</summary>
        public void Share()
        {
            try
            {
                for (var index = Take(); index < count; index = Take())
                    body(index);
            }
            catch (Exception error)
            {
                Error = error;
            }
        }

        private int Take() => Interlocked.Increment(ref next) - 1;
    }
}
