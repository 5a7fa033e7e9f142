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
    private static readonly nint Enter = Find();

    /// <summary>Calls <paramref name="body"/> with 0 .. <paramref name="count"/> - 1, in any order, and returns when all are done.</summary>
    public static void For(int count, Action<int> body)
    {
        var threads = Math.Min(count, torch.get_num_threads());
        if (threads <= 1)
        {
            for (var index = 0; index < count; index++)
                body(index);
            return;
        }
        if (Enter == 0)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
            return;
        }
        var work = new Work(count, body);
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
        if (work.Error is { } error)
            throw new InvalidOperationException($"A parallel loop failed: {error.Message}", error);
    }

    /// <summary>One thread's share. Nothing may be thrown through the native frames below.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(void* data)
    {
        var work = (Work)GCHandle.FromIntPtr((nint)data).Target!;
        try
        {
            for (var index = work.Take(); index < work.Count; index = work.Take())
                work.Body(index);
        }
        catch (Exception error)
        {
            work.Error = error;
        }
    }

    private static nint Find()
    {
        var folder = Path.GetDirectoryName(NativeTorch.LoadedFile)!;
        return NativeLibrary.TryLoad(Path.Combine(folder, "libtorch_cpu.so"), out var torchLibrary)
            && NativeLibrary.TryGetExport(torchLibrary, "GOMP_parallel", out var enter) ? enter : 0;
    }

    private sealed class Work(int count, Action<int> body)
    {
        private int next;

        public int Count => count;

        public Action<int> Body => body;

        public Exception? Error { get; set; }

        public int Take() => Interlocked.Increment(ref next) - 1;
    }
}
