using GenPrm.Core.Execution;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>A rationale's interpreter: its names, and how its blocks end.</summary>
public sealed class InterpreterTests(SandboxFixture fixture) : SandboxTestBase(fixture)
{
    [Fact]
    public async Task Names_OfAnEarlierBlock_AreSeen() => Assert.Equal("8\n", await PrintedAsync("x = 7", "def f(y): return x + y", "print(f(1))"));

    [Fact]
    public async Task Names_AfterAnException_AreSeen() => Assert.Equal("7\n", await PrintedAsync("y = 7\nraise ValueError('boom')", "print(y)"));

    [Fact]
    public async Task Names_AfterSysExit_AreSeen() => Assert.Equal("7\n", await PrintedAsync("y = 7\nimport sys\nsys.exit(0)", "print(y)"));

    [Fact]
    public async Task Names_AfterEveryUsualDescriptorIsClosed_AreSeen() => Assert.Equal("7\n", await PrintedAsync("y = 7\nimport os\nos.closerange(0, 200)", "print(y)"));

    [Fact]
    public async Task Names_AfterMemoryError_AreSeen() => Assert.Equal("7\n", await PrintedAsync("y = 7\nx = bytearray(1 << 40)", "print(y)"));

    [Fact]
    public async Task Session_AfterATimeOut_GoesOnWithoutNames() => Assert.Equal("NameError", Assert.IsType<SandboxOutcome.Failed>(
        await RunAsync("y = 7", "while True: pass", "print(y)")).ErrorType);

    [Theory]
    [InlineData("1 / 0", "ZeroDivisionError", "division by zero")]
    [InlineData("{}['a']", "KeyError", "'a'")]
    [InlineData("x = input()", "EOFError", "EOF when reading a line")]
    [InlineData("import sys\nsys.exit(3)", "SystemExit", "3")]
    [InlineData("import os\nos._exit(3)", "SystemExit", "3")]
    [InlineData("import sys\nsys.exit('bye')", "SystemExit", "bye")]
    [InlineData("raise KeyboardInterrupt", "KeyboardInterrupt", "")]
    [InlineData("def f(): return f()\nf()", "RecursionError", "maximum recursion depth exceeded")]
    [InlineData("class Odd(Exception):\n    def __str__(self): raise self\nraise Odd", "Odd", "<exception str() failed>")]
    [InlineData("raise ValueError('a\\0b\\ud800\\n𝄞')", "ValueError", "a\0b\\ud800\n𝄞")]
    [InlineData("import os\nos.abort()", "Killed", "the interpreter was ended by SIGABRT")]
    [InlineData("import ctypes\nctypes.string_at(0)", "Killed", "the interpreter was ended by SIGSEGV")]
    [InlineData("import os\nos.closerange(0, 256)", "SystemExit", "70")]
    public async Task Block_ThatFails_SaysAsWhat(string code, string type, string message)
    {
        var failed = Assert.IsType<SandboxOutcome.Failed>(await RunAsync(code));
        Assert.Equal((type, message), (failed.ErrorType, failed.Message));
    }

    [Fact]
    public async Task Message_OfAMillionCharacters_IsCut() =>
        Assert.InRange(Assert.IsType<SandboxOutcome.Failed>(await RunAsync("raise ValueError('x' * 10**6)")).Message.Length, 1000, 4000);

    [Fact]
    public async Task Process_ForkedByABlock_EndsWithTheBlock()
    {
        // The forked process runs to the block's end too, and must not answer for the interpreter, nor read the next block.
        var printed = await PrintedAsync("import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)", "import os\nprint(pid > 0, os.getpid() != pid)");
        Assert.Equal("True True\n", printed);
    }

    [Fact]
    public async Task Bell_EatenByAThreadOfAnEarlierBlock_IsATimeOut()
    {
        // The thread takes what tells the interpreter of its next block. It harms its own rationale alone, and no longer than a block.
        var outcome = await RunAsync(
            "import os, threading\ndef eat():\n    for end in range(200, 256):\n        try: os.set_blocking(end, False)\n        except OSError: pass\n    while True:\n        for end in range(200, 256):\n            try: os.read(end, 4096)\n            except OSError: pass\nthreading.Thread(target=eat, daemon=True).start()",
            $"x = '{new string('x', 1_000_000)}'");
        Assert.True(outcome is SandboxOutcome.TimedOut or SandboxOutcome.Failed or SandboxOutcome.Completed, outcome.ToString());
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, SandboxFixture.Options.BlockTime + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Source_OfAMegabyte_Runs() => Assert.Equal("1000000\n", await PrintedAsync($"x = '{new string('x', 1_000_000)}'\nprint(len(x))"));

    [Fact]
    public async Task Source_TooLarge_Fails()
    {
        var code = new string(' ', SandboxFixture.Options.CodeBytes + 1);
        Assert.Equal("OverflowError", Assert.IsType<SandboxOutcome.Failed>(await RunAsync(code)).ErrorType);
    }

    [Fact]
    public async Task Libraries_Sympy_NumpyAreReady() =>
        Assert.Equal("[1, 2] 6.0\n", await PrintedAsync("import numpy, sympy\nx = sympy.Symbol('x')\nprint(sympy.solve(x**2 - 3*x + 2), numpy.arange(4.0).sum())"));

    [Fact]
    public async Task Chance_InTwoRationales_IsTheSame()
    {
        const string Code = "import numpy, random\nprint(random.random(), numpy.random.random(), hash('a'))";
        Assert.Equal(await PrintedAsync(Code), await PrintedAsync(Code));
    }

    [Fact]
    public async Task Cancellation_InABlock_EndsItAndLeavesThePoolWhole()
    {
        await using (var session = await OpenAsync())
        {
            using var cancel = new CancellationTokenSource();
            var running = session.RunAsync("while True: pass", cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            Assert.Equal("1\n", (await session.RunAsync("print(1)", Cancellation)).Output);
        }
        Assert.Equal("2\n", await PrintedAsync("print(2)"));
    }

    [Fact]
    public async Task Memory_TakenByProcesses_IsOutOfMemoryOrFailed()
    {
        // Each process stays below its own limit; together they are more than the container has, and the kernel chooses.
        var outcome = await RunAsync("""
            import os, time
            for _ in range(4):
                if os.fork() == 0:
                    x = bytearray(500 << 20)
                    time.sleep(60)
            x = bytearray(500 << 20)
            time.sleep(60)
            """);
        Assert.True(outcome is SandboxOutcome.OutOfMemory or SandboxOutcome.TimedOut, outcome.ToString());
        Assert.Equal("1\n", await PrintedAsync("print(1)"));
    }

    [Fact]
    public async Task Memory_OfTheInterpreter_BeyondTheContainer_IsOutOfMemory() => Assert.IsType<SandboxOutcome.OutOfMemory>(await RunAsync("""
        import mmap
        m = mmap.mmap(-1, 800 << 20)
        open("/tmp/a", "wb").write(bytes(60 << 20))
        open("/work/a", "wb").write(bytes(60 << 20))
        x = [mmap.mmap(-1, 200 << 20)]
        for big in [m] + x:
            for i in range(0, len(big), 4096): big[i] = 1
        """));
}
