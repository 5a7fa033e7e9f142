using GenPrm.Core.Execution;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>What a block prints comes back exactly, in order, as UTF-8.</summary>
public sealed class OutputTests(SandboxFixture fixture) : SandboxTestBase(fixture)
{
    [Fact]
    public async Task Print_Text_ComesBackToTheCharacter() =>
        Assert.Equal("a\r\nb\rc\0d ü 𝄞\n", await PrintedAsync("print('a\\r\\nb\\rc\\0d ü 𝄞')"));

    [Fact]
    public async Task Print_WithoutNewline_HasNone() => Assert.Equal("abc", await PrintedAsync("import sys\nsys.stdout.write('abc')"));

    [Fact]
    public async Task Streams_Mixed_KeepTheirOrder() => Assert.Equal("1 2 3 4\n5\n", await PrintedAsync("""
        import os, subprocess, sys
        print("1", end=" ")
        sys.stderr.write("2 ")
        os.write(1, b"3 ")
        subprocess.run(["echo", "4"])
        print(5)
        """));

    [Fact]
    public async Task Streams_OfC_AreOutputToo() =>
        Assert.Equal("1\n2\n3\n", await PrintedAsync("import ctypes\nprint(1)\nctypes.CDLL(None).printf(b'2\\n')\nprint(3)"));

    [Fact]
    public async Task Output_BeforeADeath_IsKept()
    {
        var killed = Assert.IsType<SandboxOutcome.Failed>(await RunAsync("import os\nprint('before')\nos.kill(os.getpid(), 9)"));
        Assert.Equal(("before\n", "Killed"), (killed.Output, killed.ErrorType));
    }

    [Fact]
    public async Task Output_BeforeATimeOut_IsKept() =>
        Assert.Equal("before\n", Assert.IsType<SandboxOutcome.TimedOut>(await RunAsync("print('before')\nwhile True: pass")).Output);

    [Fact]
    public async Task Run_WithALimitOfItsOwn_IsStoppedThere()
    {
        await using var session = await OpenAsync();
        var stopped = Assert.IsType<SandboxOutcome.TimedOut>(await session.RunAsync("while True: pass", TimeSpan.FromMilliseconds(300), Cancellation));
        Assert.InRange(stopped.Elapsed, TimeSpan.FromMilliseconds(300), SandboxFixture.Options.BlockTime);
    }

    [Fact]
    public async Task Output_NotUtf8_IsReplacedTheSameWayEachTime()
    {
        var printed = await PrintedAsync("import sys\nsys.stdout.buffer.write(b'a\\xff\\xc3b\\xe2\\x82')");
        Assert.Equal("a\uFFFD\uFFFDb\uFFFD", printed);
    }

    [Fact]
    public async Task Output_UpToTheLimit_Completes() =>
        Assert.Equal(SandboxFixture.Options.OutputBytes, (await PrintedAsync($"print('x' * {SandboxFixture.Options.OutputBytes}, end='')")).Length);

    [Fact]
    public async Task Output_OverTheLimit_IsCutThere()
    {
        var flooded = Assert.IsType<SandboxOutcome.OutputTooLarge>(await RunAsync($"print('x' * {SandboxFixture.Options.OutputBytes}, end='y')"));
        Assert.Equal(new string('x', SandboxFixture.Options.OutputBytes), flooded.Output);
    }

    [Fact]
    public async Task Output_OfAProcessLeftBehind_DoesNotDelayTheOutcome()
    {
        var outcome = await RunAsync("import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\nprint('done')");
        Assert.Equal("done\n", Assert.IsType<SandboxOutcome.Completed>(outcome).Output);
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Stdout_ReplacedOrClosedByABlock_IsBackForTheNext()
    {
        Assert.Equal("2\n", await PrintedAsync("import io, sys\nsys.stdout = io.StringIO()\nprint(1)", "print(2)"));
        Assert.Equal("2\n", await PrintedAsync("import os\nos.close(1)", "print(2)"));
    }

    [Fact]
    public async Task Stdout_WrappedAnew_StillPrints() =>
        Assert.Equal("1\n", await PrintedAsync("import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\nprint(1)"));
}
