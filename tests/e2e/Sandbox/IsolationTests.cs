using GenPrm.Core.Execution;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>Nothing gets out of a rationale: not to process 1, not to the next rationale in the same container, not to the host.</summary>
public sealed class IsolationTests(SandboxFixture fixture) : SandboxTestBase(fixture)
{
    /// <summary>What one rationale does, and what the next one in the same container looks for. It prints <c>found</c> if it is there.</summary>
    public static TheoryData<string, string, string> Traces => new()
    {
        { "name", "secret = 1", "print('found' if 'secret' in globals() else 'clean')" },
        { "module attribute", "import sympy\nsympy.secret = 1", "import sympy\nprint('found' if hasattr(sympy, 'secret') else 'clean')" },
        { "environment", "import os\nos.environ['SECRET'] = '1'", "import os\nprint('found' if 'SECRET' in os.environ else 'clean')" },
        {
            "files",
            "for d in ('/tmp', '/work', '/dev/shm', '/var/tmp', '/run/lock', '.'):\n    try: open(d + '/secret', 'w').write('1')\n    except OSError: pass",
            "import os\nprint('found' if any(os.path.exists(d + '/secret') for d in ('/tmp', '/work', '/dev/shm', '/var/tmp', '/run/lock', '.')) else 'clean')"
        },
        {
            "files in folders without rights",
            "import os\nos.makedirs('a/b/c')\nopen('a/b/c/d', 'w').write('1')\nos.symlink('/etc', 'a/link')\nos.chmod('a/b', 0)\nos.chmod('a', 0)",
            "import os\nprint('found' if os.listdir('.') else 'clean')"
        },
        {
            "a chain of folders longer than a path may be",
            "import os\ntry:\n    while True:\n        os.mkdir('d' * 200)\n        os.chdir('d' * 200)\nexcept OSError: pass",
            "import os\nprint('found' if os.listdir('/work') else 'clean')"
        },
        {
            "names of files that are no text",
            "open(b'\\xff\\xfe\\n', 'w').write('1')",
            "import os\nprint('found' if os.listdir('/work') else 'clean')"
        },
        {
            "a daemon",
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n    os._exit(0)",
            "import os\nprint('found' if len([p for p in os.listdir('/proc') if p.isdigit()]) > 2 else 'clean')"
        },
        {
            "a listening socket",
            "import os, socket, time\nif os.fork() == 0:\n    s = socket.create_server(('127.0.0.1', 5000))\n    time.sleep(600)",
            "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 5000))\n    print('found')\nexcept OSError:\n    print('clean')"
        },
        {
            "an abstract socket",
            "import os, socket, time\nif os.fork() == 0:\n    s = socket.socket(socket.AF_UNIX)\n    s.bind('\\0secret')\n    s.listen()\n    time.sleep(600)",
            "print('found' if 'secret' in open('/proc/net/unix').read() else 'clean')"
        },
        {
            "shared memory",
            "import ctypes\nc = ctypes.CDLL(None)\nc.shmget(77, 4096, 0o1666)\nc.semget(77, 1, 0o1666)\nc.msgget(77, 0o1666)",
            "import ctypes\nc = ctypes.CDLL(None)\nprint('found' if max(c.shmget(77, 0, 0), c.semget(77, 0, 0), c.msgget(77, 0)) >= 0 else 'clean')"
        },
        {
            "a message queue",
            "import ctypes\nctypes.CDLL('librt.so.1').mq_open(b'/secret', 0o102, 0o666, None)",
            "import os\nprint('found' if os.path.isdir('/dev/mqueue') and os.listdir('/dev/mqueue') else 'clean')"
        },
        {
            "connections in their waiting time",
            "import socket\ns = socket.create_server(('127.0.0.1', 5001))\nfor _ in range(9):\n    c = socket.create_connection(('127.0.0.1', 5001))\n    d, _ = s.accept()\n    c.close(); d.close()",
            "print('found' if len(open('/proc/net/tcp').readlines()) > 1 else 'clean')"
        },
        {
            "descriptors in flight between sockets that are in them",
            "import array, socket\na, b = socket.socketpair()\nends = array.array('i', [a.fileno(), b.fileno()])\nfor end in (a, b): end.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ends)])",
            "print('found' if len(open('/proc/net/unix').readlines()) > 1 else 'clean')"
        },
        {
            "chance",
            "import random\nrandom.seed(5)",
            "import random\nprint('found' if random.random() == random.Random(5).random() else 'clean')"
        },
        {
            "priority of process 1",
            "import os\nos.setpriority(os.PRIO_PROCESS, 1, 19)",
            "import os\nprint('found' if os.getpriority(os.PRIO_PROCESS, 0) == 19 else 'clean')"
        },
        {
            "processors of process 1",
            "import os\nos.sched_setaffinity(1, [0])",
            "import os\nprint('found' if len(os.sched_getaffinity(0)) == 1 < os.cpu_count() else 'clean')"
        },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task Rationale_ThatLeavesSomething_LeavesNothing(string what, string leave, string look)
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        await using (var first = await sandbox.OpenAsync(Cancellation))
            Assert.IsType<SandboxOutcome.Completed>(await first.RunAsync(leave, Cancellation));
        await using var second = await sandbox.OpenAsync(Cancellation);
        Assert.Equal("clean\n", (await second.RunAsync(look, Cancellation)).Output);
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task Memory_OfALaterRationale_HoldsNothingOfAnEarlier()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        await using (var first = await sandbox.OpenAsync(Cancellation))
        {
            // In the source, the output, a file's name and an exception: all the ways past process 1.
            await first.RunAsync("print('SECRET-of-the-first' * 100)\nopen('SECRET-of-the-first', 'w')\nraise ValueError('SECRET-of-the-first')", Cancellation);
        }
        await using var second = await sandbox.OpenAsync(Cancellation);
        var outcome = await second.RunAsync(
            """
            import ctypes, sys
            wanted = "SECRET-of-" + "the-first"
            wanted = wanted.encode()
            del sys
            found = searched = 0
            for line in open("/proc/self/maps").readlines():
                where, rights = line.split()[:2]
                if rights.startswith("r") and "[v" not in line:
                    start, stop = (int(part, 16) for part in where.split("-"))
                    searched += stop - start
                    at = start
                    while at < stop:
                        size = min(1 << 20, stop - at)
                        data = ctypes.string_at(at, size)
                        found += data.count(wanted)
                        del data
                        at += size
            print(searched > 10 << 20, found)
            """,
            Cancellation);
        // The needle itself, and a copy of it in a page that was read, are this rationale's own.
        var parts = Assert.IsType<SandboxOutcome.Completed>(outcome).Output.Split();
        Assert.Equal("True", parts[0]);
        Assert.InRange(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), 1, 4);
    }

    [Theory]
    [InlineData("open('/proc/1/mem', 'rb')")]
    [InlineData("open('/proc/1/environ', 'rb').read()")]
    [InlineData("open('/proc/1/maps', 'rb').read()")]
    [InlineData("import os\nos.listdir('/proc/1/fd')")]
    [InlineData("import os\nos.open('/proc/1/fd/1', os.O_WRONLY)")]
    [InlineData("import os\nos.listdir('/proc/1/root/')")]
    [InlineData("import ctypes\nif ctypes.CDLL(None, use_errno=True).ptrace(16, 1, 0, 0): raise OSError(ctypes.get_errno(), 'ptrace')")]
    [InlineData("import ctypes, os\nif ctypes.CDLL(None).syscall(438, os.pidfd_open(1), 1, 0) < 0: raise OSError(1, 'pidfd_getfd')")]
    [InlineData("open('/proc/1/oom_score_adj', 'w').write('1000')")]
    [InlineData("import resource\nresource.prlimit(1, resource.RLIMIT_NOFILE, (3, 3))")]
    [InlineData("import socket\nsocket.socket(40, socket.SOCK_STREAM)")]
    [InlineData("import socket\nsocket.socket(38, socket.SOCK_SEQPACKET)")]
    [InlineData("import ctypes\nif ctypes.CDLL(None).syscall(425, 4, ctypes.create_string_buffer(200)) < 0: raise OSError(38, 'io_uring_setup')")]
    [InlineData("open('/proc/sysrq-trigger', 'w').write('b')")]
    [InlineData("open('/sys/fs/cgroup/cgroup.procs', 'w')")]
    [InlineData("open('/etc/canary', 'w')")]
    [InlineData("open('/opt/genprm/guest.py', 'a')")]
    [InlineData("import os\nos.mknod('/tmp/sda', 0o60666, 0x0800)")]
    [InlineData("import os\nos.setuid(0)")]
    [InlineData("import os\nos.chroot('/tmp')")]
    [InlineData("import ctypes\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError(1, 'unshare')")]
    [InlineData("import ctypes\nif ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None): raise OSError(1, 'mount')")]
    [InlineData("import ctypes\nif ctypes.CDLL(None).syscall(248, b'user', b'x', b'y', 1, -3) < 0: raise OSError(1, 'add_key')")]
    [InlineData("import urllib.request\nurllib.request.urlopen('http://169.254.169.254/', timeout=2)")]
    [InlineData("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW, 1)")]
    [InlineData("import socket\nsocket.getaddrinfo('example.org', 80)")]
    public async Task Reach_BeyondTheRationale_IsRefused(string code) =>
        Assert.IsType<SandboxOutcome.Failed>(await RunAsync(code));

    [Fact]
    public async Task Files_WithSetuid_AreNone() => Assert.Equal("[]\n", await PrintedAsync("""
        import os
        found = []
        for folder, _, names in os.walk("/"):
            if not folder.startswith(("/proc", "/sys")):
                found += [name for name in names if os.lstat(folder + "/" + name).st_mode & 0o6000]
        print(found)
        """));

    [Fact]
    public async Task Signals_ToProcessOne_ChangeNothing() => Assert.Equal("alive\n", await PrintedAsync(
        "import os\nfor signal in range(1, 65):\n    os.kill(1, signal)\nprint('alive')"));

    [Fact]
    public async Task KillOfAll_LeavesTheInterpreter() => Assert.Equal("alive\n", await PrintedAsync(
        "import os, subprocess\nsubprocess.Popen(['sleep', '60'])\nos.kill(-1, 9)\nprint('alive')"));

    [Fact]
    public async Task ForkBomb_EndsInAnOutcome_AndTheContainerIsClean()
    {
        await using (var session = await OpenAsync())
        {
            var outcome = await session.RunAsync("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", Cancellation);
            Assert.IsType<SandboxOutcome.TimedOut>(outcome);
        }
        Assert.Equal("1\n", await PrintedAsync("print(1)"));
    }

    [Fact]
    public async Task Frames_WrittenByABlock_AreOutput()
    {
        // Every descriptor that there is gets a frame that says "completed".
        var outcome = await RunAsync("import os\nfor end in range(3, 256):\n    try: os.write(end, b'D\\0\\0\\0\\1D')\n    except OSError: pass\nos.write(1, b'D\\0\\0\\0\\1D')\nraise ValueError('honest')");
        Assert.True(outcome is SandboxOutcome.Failed or SandboxOutcome.Completed, outcome.ToString());
        Assert.Equal("1\n", await PrintedAsync("print(1)"));
    }

    [Fact]
    public async Task Report_ForgedForALaterBlock_IsNotTaken()
    {
        // A thread goes on after its block and reports for the next one before that began. What was said between blocks is dropped.
        var outcome = await RunAsync(
            "import os, threading, time\ndef forge():\n    for _ in range(20):\n        for end in range(200, 256):\n            try: os.write(end, b'Dforged')\n            except OSError: pass\n        time.sleep(0.001)\nthreading.Thread(target=forge, daemon=True).start()",
            "import time\ntime.sleep(0.2)\nraise ValueError('honest')");
        Assert.True(outcome is SandboxOutcome.Failed or SandboxOutcome.Completed, outcome.ToString());
        Assert.Equal("1\n", await PrintedAsync("print(1)"));
    }
}
