using System.Runtime.InteropServices;

namespace GenPrm.Bench;

/// <summary>The processor time that this thread has used: what other work on the machine takes does not count. Linux and macOS.</summary>
internal static partial class ThreadClock
{
    private static readonly int ThreadTime = OperatingSystem.IsMacOS() ? 16 : 3;

    public static TimeSpan Now
        => clock_gettime(ThreadTime, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick) : throw new PlatformNotSupportedException("There is no clock of a thread's processor time here.");

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
