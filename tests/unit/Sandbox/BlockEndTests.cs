using System.Text;
using CsCheck;
using GenPrm.Core.Execution;
using GenPrm.Sandbox.Protocol;

namespace GenPrm.Tests.Unit.Sandbox;

public sealed class BlockEndTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromMilliseconds(7);

    [Fact]
    public void Report_Done_IsCompleted() => Assert.Equal(new SandboxOutcome.Completed("out", Elapsed), Reported("D"));

    [Fact]
    public void Report_Error_IsFailedWithTypeAndMessage() =>
        Assert.Equal(new SandboxOutcome.Failed("out", Elapsed, "KeyError", "'a'\0b"), Reported("EKeyError\0'a'\0b"));

    [Fact]
    public void Report_OfMemory_IsOutOfMemory() => Assert.Equal(new SandboxOutcome.OutOfMemory("out", Elapsed), Reported("MMemoryError\0"));

    [Fact]
    public void Report_OfAnyBytes_IsAnOutcomeOfItsOwnRationale() => Gen.Byte.Array[0, 100].Sample(bytes =>
        Assert.True(new BlockEnd.Reported(bytes).ToOutcome("out", Elapsed) is SandboxOutcome.Completed or SandboxOutcome.Failed or SandboxOutcome.OutOfMemory));

    [Fact]
    public void Exit_Zero_IsCompleted() => Assert.IsType<SandboxOutcome.Completed>(Outcome(new BlockEnd.Exited(0, false)));

    [Fact]
    public void Exit_WithAStatus_IsFailed() =>
        Assert.Equal(new SandboxOutcome.Failed("out", Elapsed, "SystemExit", "3"), Outcome(new BlockEnd.Exited(3, false)));

    [Fact]
    public void Exit_BySignal_IsFailedWithItsName() =>
        Assert.Equal(new SandboxOutcome.Failed("out", Elapsed, "Killed", "the interpreter was ended by SIGSEGV"), Outcome(new BlockEnd.Exited(-11, false)));

    [Fact]
    public void Exit_ByTheKernelsMemoryKiller_IsOutOfMemory() => Assert.IsType<SandboxOutcome.OutOfMemory>(Outcome(new BlockEnd.Exited(-9, true)));

    [Fact]
    public void Exit_OfItsOwnWhileAnotherProcessRanOutOfMemory_IsFailed() => Assert.IsType<SandboxOutcome.Failed>(Outcome(new BlockEnd.Exited(3, true)));

    [Fact]
    public void Gone_WithAReason_IsLost() =>
        Assert.Equal(new SandboxOutcome.Lost("out", Elapsed, "removed"), Outcome(new BlockEnd.Gone("removed", false)));

    [Fact]
    public void Gone_ForWantOfMemory_IsOutOfMemory() => Assert.IsType<SandboxOutcome.OutOfMemory>(Outcome(new BlockEnd.Gone("", true)));

    [Fact]
    public void FromExit_PayloadOfAnotherLength_IsRefused() => Assert.Throws<InvalidDataException>(() => BlockEnd.FromExit([0, 0, 0, 1]));

    [Fact]
    public void FromExit_StatusAndFlag_AreRead() => Assert.Equal(new BlockEnd.Exited(-9, true), BlockEnd.FromExit([0xFF, 0xFF, 0xFF, 0xF7, 1]));

    private static SandboxOutcome Reported(string report) => Outcome(new BlockEnd.Reported(Encoding.UTF8.GetBytes(report)));

    private static SandboxOutcome Outcome(BlockEnd end) => end.ToOutcome("out", Elapsed);
}
