"""The warm interpreter: process 1 of a sandbox container.

It has sympy and numpy loaded, and forks one child a rationale. The child runs the rationale's blocks one after another in one
namespace; process 1 stands between child and host, and never runs generated code.

Why it is built like this:

* Process 1 alone holds the two ends of the host's connection. It is not dumpable, so no other process can trace it, read its memory or
  open its descriptors, and the kernel drops every signal that is sent to it from inside its own pid namespace.
* What a child says is untrusted. Its output is passed on as bytes inside frames that process 1 makes; its report (how a block ended)
  can only be wrong about its own rationale; that it died, and of what, is told by the kernel.
* Process 1 is what the next child is a copy of. So code and output pass through two fixed buffers that are wiped after every
  rationale, and never become Python objects here.
* The engine's own seccomp filter holds most of the kernel back. Engines differ in three things, so a second filter here refuses them:
  sockets to the machine below (AF_VSOCK knows no network namespace) and other odd families, io_uring (which opens sockets past any
  filter), and limits set on another process.
* After a rationale nothing may be left: processes, files, shared memory, queues, sockets, or changes to process 1's own limits and
  scheduling (a process with the same user may change those of another). `sweep` removes what can be removed and checks everything;
  the host replaces a container that is not clean.

It is one file, long as it is, because process 1 reads nothing else.

Frames, both ways: one byte kind, four bytes length (big endian), payload.

  host -> guest   B  limit of output in bytes (4), then the block's code in UTF-8     run it
                  K                                                                   kill the rationale's processes
                  S                                                                   sweep: the rationale is over
  guest -> host   R  protocol version                                                 ready, sent once
                  O  bytes                                                            printed by the running block
                  D  report: "D", or "E" / "M" type NUL message                            the block ended, the interpreter lives ("M": for
                                                                                      want of memory)
                  X  wait status (4), 1 if the kernel ran out of memory (1)           the interpreter ended
                  L                                                                   the output limit was met, all was killed
                  K                                                                   killed, as asked
                  C                                                                   swept and clean
                  U  reason                                                           swept and not clean
"""

import ctypes
import errno
import fcntl
import gc
import io
import os
import resource
import select
import signal
import stat
import struct
import sys
import time
import types

VERSION = b"1"
CHUNK = 65536
REPORT = 4096                       # one atomic write to a pipe
WRITABLE = ("/tmp", "/work", "/dev/shm", "/dev/mqueue")
HEADER = struct.Struct(">cI")
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_DUMPABLE = 4
QUEUES = "/dev/mqueue"               # its file system counts no files, but its folder grows with each queue
EMPTY_QUEUES = os.stat(QUEUES).st_size if os.path.isdir(QUEUES) else 0
RLIMITS = 16                        # the kernel's RLIM_NLIMITS
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_GET_TIMERSLACK = 38, 22, 30
FAMILIES = (1, 2, 10, 16)           # AF_UNIX, AF_INET, AF_INET6, and AF_NETLINK, which name look-up asks for the interfaces
# A machine's own number in a seccomp filter, and its numbers of socket and prlimit64.
MACHINES = {"x86_64": (0xC000003E, 41, 302), "aarch64": (0xC00000B7, 198, 261)}
SYS_IO_URING = (425, 426, 427)      # the same everywhere
SYS_SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}.get(os.uname().machine)
SYS_IOPRIO_GET = {"x86_64": 252, "aarch64": 31}.get(os.uname().machine)


class Interpreter:
    """The child that runs a rationale's blocks, seen from process 1."""

    def __init__(self, address_space):
        # A block's code lies in a file in memory, not in a pipe: process 1 never waits for a child that does not read.
        self.code = os.memfd_create("code", os.MFD_CLOEXEC)
        bell_in, self.bell = os.pipe2(os.O_CLOEXEC)
        self.output, output_out = os.pipe2(os.O_CLOEXEC)
        self.report, report_out = os.pipe2(os.O_CLOEXEC)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                become_interpreter(self.code, bell_in, output_out, report_out, address_space)
            finally:
                os._exit(70)
        for end in (bell_in, output_out, report_out):
            os.close(end)
        for end in (self.bell, self.output, self.report):
            os.set_blocking(end, False)
        self.ended = os.pidfd_open(self.pid)

    def close(self):
        for end in (self.code, self.bell, self.output, self.report, self.ended):
            os.close(end)


class Guest:
    """Process 1: the host's connection, the buffers, and the one interpreter."""

    def __init__(self, control_in, control_out, memory):
        self.control_in = control_in
        self.control_out = control_out
        self.interpreter = None
        self.buffer_in = memoryview(bytearray(CHUNK))
        self.buffer_out = memoryview(bytearray(HEADER.size + CHUNK))
        # A little less than the container has: a block that asks for too much meets MemoryError and keeps its interpreter.
        self.address_space = virtual_size() + max(memory - (128 << 20), memory // 2)
        self.baseline = None

    # -- the host's connection

    def send(self, kind, payload=b""):
        self.write(HEADER.pack(kind, len(payload)) + payload)

    def write(self, data):
        view = memoryview(data)
        while len(view):
            view = view[os.write(self.control_out, view):]

    def receive(self, size):
        """Reads `size` bytes (few: headers and numbers, never code)."""
        data = b""
        while len(data) < size:
            part = os.read(self.control_in, size - len(data))
            if not part:
                os._exit(0)             # the host is gone, and process 1 takes the whole container with it
            data += part
        return data

    def serve(self):
        self.baseline = standing()
        self.send(b"R", VERSION)
        while True:
            kind, size = HEADER.unpack(self.receive(HEADER.size))
            if kind == b"B":
                self.block(size)
            elif kind == b"K":
                self.kill()
                self.send(b"K")
            elif kind == b"S":
                self.sweep()
            else:
                raise SystemExit("unknown frame %r" % kind)

    # -- one block

    def block(self, size):
        limit = struct.unpack(">I", self.receive(4))[0]
        size -= 4
        self.reap()
        if self.interpreter is not None and not alive(self.interpreter):
            self.kill()
        if self.interpreter is None:
            self.interpreter = Interpreter(self.address_space)
        self.drop_stale()
        kills = oom_kills()
        child = self.interpreter
        if not self.hand_over(child, size):
            self.kill()
            return self.send(b"X", struct.pack(">iB", -signal.SIGKILL, 0))
        printed = 0
        poll = select.poll()
        poll.register(self.control_in, select.POLLIN)
        poll.register(child.output, select.POLLIN)
        poll.register(child.report, select.POLLIN)
        poll.register(child.ended, select.POLLIN)
        while True:
            ready = dict(poll.poll())
            if child.output in ready:
                before, printed = printed, self.relay_output(printed, limit)
                if printed > limit:
                    self.kill()
                    return self.send(b"L")
                if printed == before:
                    poll.unregister(child.output)       # every writer closed it
            if child.report in ready:
                # The interpreter wrote its output before its report: what is in the pipe now is all of it.
                if self.drain(printed, limit) > limit:
                    self.kill()
                    return self.send(b"L")
                if self.relay(child.report, b"D", REPORT) > 0:
                    return None
                poll.unregister(child.report)
            if child.ended in ready:
                status = end(child)
                kill_everything()
                printed = self.drain(printed, limit)
                self.kill()
                if printed > limit:
                    return self.send(b"L")
                return self.send(b"X", struct.pack(">iB", status, oom_kills() > kills))
            if self.control_in in ready:
                kind, _ = HEADER.unpack(self.receive(HEADER.size))
                if kind == b"S":
                    return self.sweep()
                kill_everything()
                self.drain(printed, limit)
                self.kill()
                return self.send(b"K")

    def hand_over(self, child, size):
        """Takes `size` bytes of code from the host into the child's file, and rings. False if the child has made that impossible."""
        at, whole = 0, True
        while at < size:
            count = os.readv(self.control_in, [self.buffer_in[:min(size - at, CHUNK)]])
            if count == 0:
                os._exit(0)
            try:
                whole = whole and os.pwrite(child.code, self.buffer_in[:count], at) == count
            except OSError:
                whole = False
            at += count
        try:
            return whole and os.write(child.bell, struct.pack(">I", size)) == 4
        except OSError:
            return False

    def relay_output(self, printed, limit):
        """Passes on one chunk of output; returns how much was printed so far, more than `limit` if it was too much."""
        return printed + max(0, self.relay(self.interpreter.output, b"O", limit - printed))

    def relay(self, source, kind, room):
        """Reads once from an untrusted pipe and sends at most `room` bytes of it as one frame, through the buffer that is wiped later.
        Returns how much there was to read: 0 at the pipe's end, -1 if it is empty."""
        count = read_into(source, self.buffer_out[HEADER.size:])
        passed = min(count, room)
        if passed > 0:
            HEADER.pack_into(self.buffer_out, 0, kind, passed)
            self.write(self.buffer_out[:HEADER.size + passed])
        return count

    def drain(self, printed, limit):
        before = -1
        while before != printed <= limit:
            before, printed = printed, self.relay_output(printed, limit)
        return printed

    def reap(self):
        """Collects orphans that ended, so that they do not use up the processes; never the interpreter, whose status is wanted."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None or (self.interpreter is not None and ended.si_pid == self.interpreter.pid):
                return
            os.waitpid(ended.si_pid, 0)

    def drop_stale(self):
        """What a rationale's leftover threads and processes wrote between two blocks belongs to neither."""
        for end_, most in ((self.interpreter.output, 16), (self.interpreter.report, 16)):
            while most > 0 and read_into(end_, self.buffer_out) > 0:
                most -= 1

    # -- the end of a rationale

    def kill(self):
        kill_everything()
        if self.interpreter is not None:
            self.interpreter.close()
            self.interpreter = None

    def sweep(self):
        self.kill()
        self.buffer_in[:] = bytes(len(self.buffer_in))
        self.buffer_out[:] = bytes(len(self.buffer_out))
        if used():
            # In a process of its own: the names of files are a rationale's data too, and must not be left in this one's memory.
            sweeper = os.fork()
            if sweeper == 0:
                try:
                    for folder in WRITABLE:
                        empty(folder)
                finally:
                    os._exit(0)
            os.waitpid(sweeper, 0)
        left = used() + remove_system_v_objects()
        left += ["process " + name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        now = standing()
        for _ in range(100):
            if now == self.baseline:
                break
            time.sleep(0.001)               # the kernel lets go of some sockets a moment after their process
            now = standing()
        left += ["%s: %s, was %s" % (key, now[key], self.baseline[key]) for key in now if now[key] != self.baseline[key]]
        if left:
            self.send(b"U", "; ".join(left)[:2000].encode("utf-8", "backslashreplace"))
        else:
            self.send(b"C")


# -- the child

def become_interpreter(code, bell_in, output_out, report_out, address_space):
    """Turns a fresh fork of process 1 into an interpreter for generated code. Does not return."""
    # The kernel's choice in a memory emergency must be this process, not process 1. The file is writable for a dumpable process only.
    LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    nothing = os.open("/dev/null", os.O_RDWR)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, most - 6) for end in (nothing, code, bell_in, output_out, report_out)]
    os.dup2(nothing, 0)
    os.dup2(high[3], 1)
    os.dup2(high[3], 2)
    os.closerange(3, min(high))
    os.setsid()
    LIBC.setvbuf(ctypes.c_void_p.in_dll(LIBC, "stdout"), None, 2, 0)    # what C code prints is in order too
    signal.signal(signal.SIGINT, signal.default_int_handler)
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    sys.path[:] = [""] + [entry for entry in sys.path if not entry.startswith("/opt/genprm")]
    sys.argv[:] = [""]
    # A rationale that is run again, in another container, meets the same random numbers.
    sys.modules["random"].seed(0)
    sys.modules["numpy"].random.seed(0)
    interpret(*high)


def interpret(nothing, code, bell_in, output_out, report_out):
    """Runs blocks until the end. Everything that it calls is bound here: generated code may have changed what the names mean."""
    read, read_at, write, dup2, getpid, leave, unpack = os.read, os.pread, os.write, os.dup2, os.getpid, os._exit, struct.unpack
    text, file, compile_, exec_, streams, describe_ = io.TextIOWrapper, io.FileIO, compile, exec, sys, describe
    base, leaving, is_, int_ = BaseException, SystemExit, isinstance, int
    me = getpid()
    main = types.ModuleType("__main__")
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    names = main.__dict__
    number = 0

    while True:
        ring = read(bell_in, 4)
        if not ring:
            leave(0)
        source = read_at(code, unpack(">I", ring)[0], 0)
        number += 1
        # Whatever an earlier block did to the streams, this one has its own; unbuffered, so that the order is the order of events.
        dup2(nothing, 0)
        dup2(output_out, 1)
        dup2(output_out, 2)
        streams.stdin = streams.__stdin__ = text(file(0, "r", closefd=False), encoding="utf-8")
        streams.stdout = streams.__stdout__ = text(file(1, "w", closefd=False), encoding="utf-8", newline="\n", write_through=True)
        streams.stderr = streams.__stderr__ = text(
            file(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)
        report, status = b"D", 0
        try:
            exec_(compile_(source, "<block %d>" % number, "exec", dont_inherit=True), names)
        except leaving as error:
            status = 0 if error.code is None else error.code if is_(error.code, int_) else 1
            report = b"D" if status == 0 else describe_(error)
        except base as error:
            report, status = describe_(error), 1
            if getpid() != me:
                streams.__excepthook__(error.__class__, error.with_traceback(error.__traceback__.tb_next), None)
        for stream in (streams.stdout, streams.stderr):
            try:
                stream.flush()
            except base:
                pass
        if getpid() != me:
            leave(status & 255)           # a process that the block forked, and that ran to the block's end
        del source
        write(report_out, report)


def describe(error):
    """`E` (`M` where memory ran out), the exception's class, NUL, its message: what a traceback's last line says."""
    memory = isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno == errno.ENOMEM
    try:
        name = type(error).__name__
    except BaseException:
        name = "Exception"
    try:
        message = str(error)
    except BaseException:
        message = "<exception str() failed>"
    room = REPORT - 300
    return ((b"M" if memory else b"E") + name[:250].encode("utf-8", "replace")[:250].replace(b"\0", b"?") + b"\0"
            + message[:room].encode("utf-8", "backslashreplace")[:room])


# -- what process 1 knows from the kernel

def standing():
    """Everything of process 1 and of its namespaces that generated code could have changed and that is to be as it was."""
    def number(call, *arguments):
        return LIBC.syscall(call, *arguments)

    attributes = ctypes.create_string_buffer(56)
    if SYS_SCHED_GETATTR:
        number(SYS_SCHED_GETATTR, 0, attributes, 56, 0)
    facts = {
        "limits": [resource.getrlimit(which) for which in range(RLIMITS)],
        "scheduling": attributes.raw.hex(),
        "io priority": number(SYS_IOPRIO_GET, 1, 0) if SYS_IOPRIO_GET else 0,
        "processors": sorted(os.sched_getaffinity(0)),
        "timer slack": LIBC.prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0),
        "folder": os.getcwd(),
        "open files": len(os.listdir("/proc/self/fd")),
    }
    for family in ("sockstat", "sockstat6"):
        if not os.path.exists("/proc/net/" + family):
            continue                                    # a kernel without IPv6
        with open("/proc/net/" + family) as file:
            # Memory and orphans are counted for the whole machine, not for this namespace.
            facts[family] = [line.split()[:3] + tw(line) for line in file]
    return facts


def tw(line):
    words = line.split()
    return words[words.index("tw"):][:2] if "tw" in words else []


def kill_everything():
    """Kills every process but this one, and waits until the kernel has none left. Signalling all at once is atomic against fork."""
    try:
        os.kill(-1, signal.SIGKILL)
    except OSError:
        pass                            # there is none
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def alive(child):
    return os.waitid(os.P_PIDFD, child.ended, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def end(child):
    """The wait status of an interpreter that ended: its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])


def oom_kills():
    """How often the kernel killed a process of this container for want of memory."""
    for path, key in (("/sys/fs/cgroup/memory.events", "oom_kill"), ("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill")):
        try:
            with open(path) as file:
                for line in file:
                    name, _, value = line.partition(" ")
                    if name == key:
                        return int(value)
        except OSError:
            pass
    return 0


def virtual_size():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def memory_limit():
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path) as file:
                value = file.read().strip()
                return int(value) if value != "max" else 1 << 40
        except OSError:
            pass
    return 1 << 40


def read_into(source, buffer):
    try:
        return os.readv(source, [buffer])
    except BlockingIOError:
        return -1


def used():
    """The writable folders that are not empty, told by counts alone."""
    left = []
    for folder in WRITABLE:
        if os.path.isdir(folder):
            facts = os.statvfs(folder)
            files = facts.f_files - facts.f_ffree - 1       # all but the root; a file that is deleted and open counts too
            if files > 0:
                left.append("%s holds %d files" % (folder, files))
    if os.path.isdir(QUEUES) and os.stat(QUEUES).st_size > EMPTY_QUEUES:
        left.append("message queues")
    return left


def empty(folder):
    """Removes everything under `folder`. No recursion and no long paths: every sub-folder's own sub-folders are first moved up to
    the top, so that a chain of thousands is taken apart link by link."""
    moved = 0
    for _ in range(1 << 20):
        with os.scandir(folder) as entries:
            found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
        if not found:
            return
        progress = False
        for path, is_folder in found:
            try:
                if not is_folder:
                    os.unlink(path)
                else:
                    os.chmod(path, stat.S_IRWXU)
                    with os.scandir(path) as entries:
                        inside = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
                    for inner, inner_is_folder in inside:
                        if inner_is_folder:
                            os.chmod(inner, stat.S_IRWXU)
                            moved += 1
                            os.rename(inner, "%s/.sweep-%d" % (folder, moved))
                        else:
                            os.unlink(inner)
                    os.rmdir(path)
                progress = True
            except OSError:
                pass
        if not progress:
            return


def remove_system_v_objects():
    """Removes shared memory, semaphores and message queues; returns what would not go."""
    calls = {
        "shm": lambda number: LIBC.shmctl(number, 0, None),
        "sem": lambda number: LIBC.semctl(number, 0, 0),
        "msg": lambda number: LIBC.msgctl(number, 0, None),
    }

    def objects(kind):
        with open("/proc/sysvipc/" + kind) as file:
            return [int(line.split()[1]) for line in file.readlines()[1:]]

    for kind, remove in calls.items():
        for number in objects(kind):
            remove(number)
    return ["%s %d" % (kind, number) for kind in calls for number in objects(kind)]


def refuse_more():
    """The second seccomp filter; it holds for process 1 and all that it forks. Fails where it can not be had: better no sandbox."""
    machine, socket, prlimit = MACHINES[os.uname().machine]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    number, architecture, argument = 0, 4, 16           # offsets in the kernel's description of a call
    allow, refuse = 0x7FFF0000, lambda error: 0x00050000 | error
    program = [
        (load, 0, 0, architecture), (equal, 1, 0, machine), (answer, 0, 0, refuse(errno.ENOSYS)),       # no 32-bit calls
        (load, 0, 0, number), (at_least, 0, 1, 0x40000000), (answer, 0, 0, refuse(errno.ENOSYS)),       # nor those of x32
    ]
    for call in SYS_IO_URING:
        program += [(equal, 0, 1, call), (answer, 0, 0, refuse(errno.ENOSYS))]
    families = [(equal, len(FAMILIES) - index, 0, family) for index, family in enumerate(FAMILIES)]
    program += [(equal, 0, len(FAMILIES) + 3, socket), (load, 0, 0, argument), *families, (answer, 0, 0, refuse(errno.EAFNOSUPPORT)), (answer, 0, 0, allow)]
    program += [(equal, 0, 3, prlimit), (load, 0, 0, argument), (equal, 1, 0, 0), (answer, 0, 0, refuse(errno.EPERM)), (answer, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *line) for line in program)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_char_p)]

    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or LIBC.prctl(PR_SET_SECCOMP, 2, ctypes.byref(Program(len(program), code)), 0, 0):
        raise OSError(ctypes.get_errno(), "the second seccomp filter was refused")


def warm_up():
    """Loads what blocks use, and lets sympy do once what it does slowly the first time."""
    import bisect, cmath, collections, datetime, decimal, fractions, functools, heapq  # noqa: E401, F401
    import itertools, json, math, operator, random, re, statistics, string, textwrap, time, traceback  # noqa: E401, F401

    import numpy
    import sympy

    x = sympy.Symbol("x")
    sympy.solve(x ** 2 - 3 * x + 2, x)
    sympy.simplify((x ** 2 - 1) / (x - 1))
    sympy.integrate(x ** 2, (x, 0, 1))
    sympy.sympify("x + 1/2")
    numpy.linalg.solve(numpy.eye(2), numpy.ones(2))


if __name__ == "__main__":
    LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)    # Python's own handler would let a child interrupt process 1
    connection = (os.dup(0), os.dup(1))             # not inheritable
    quiet = os.open("/dev/null", os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(2, 1)
    os.close(quiet)
    os.chdir("/work")                               # not /tmp: a file there is not also one here
    refuse_more()
    os.close(os.pidfd_open(1))                      # fails here, and not in the first block, where the engine is too old for it
    warm_up()
    gc.collect()
    gc.freeze()                                     # a collection in a child would touch, and so copy, every page
    guest = Guest(*connection, memory_limit())
    guest.serve()
