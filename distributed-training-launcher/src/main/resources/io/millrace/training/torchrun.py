"""torchrun, given to the interpreter with -c, behind torch_redirects.py and started_ranks.py.

The processes of a node get an output each, so that their lines do not mix and are marked by rank if they are several.
"""
import re
import select
import shutil
import signal
import tempfile

from torch.distributed import run

try:
    from torch.distributed.elastic.multiprocessing.api import PContext, SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    KNOWN = all(hasattr(PContext, name) for name in ("start", "close", "pids"))
except ImportError:
    KNOWN = False

# $0: a directory of named pipes; then the command of the script. The shell's own id is read, as torch takes $$ for $.
ENTRANCE = 'exec >"$0/$LOCAL_RANK" 2>&1; read -r pid rest </proc/self/stat; echo "$pid"; exec "$@"'
LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)")
LONGEST_LINE = 1 << 16
ONE_AT_A_TIME = threading.Lock()


class RankOutput:
    """The output of one process, passed on as it comes; its first line is its process id."""

    def __init__(self, pipe, ranks, local):
        self.pipe, self.ranks, self.local = pipe, ranks, local
        self.mark = b"[rank %d] " % (ranks.first + local) if ranks.count > 1 else b""
        self.rest, self.returned = b"", False
        self.last = collections.deque(maxlen=LAST_LINES)
        self.over, self.end = os.pipe()
        os.mkfifo(pipe)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def last_lines(self):
        """To be called once the process has ended. What it has left behind may go on to write: that is not awaited."""
        os.close(self.end)
        self.reader.join(LAST_OUTPUT)
        return quoted(self.last)

    def _read(self):
        source = os.open(self.pipe, os.O_RDONLY)  # waits for the process
        os.unlink(self.pipe)
        try:
            os.rmdir(os.path.dirname(self.pipe))  # by the last one
        except OSError:
            pass
        data = b""
        while b"\n" not in data:
            piece = os.read(source, 64)
            if not piece:
                return
            data += piece
        pid, _, data = data.partition(b"\n")
        self.ranks.watch(self.local, int(pid), self.last_lines)
        self._pass_on(data)
        while True:
            if self.over in select.select([source, self.over], [], [])[0]:
                os.set_blocking(source, False)
            try:
                data = os.read(source, 1 << 16)
            except BlockingIOError:  # the process has ended, and nothing of it is left
                break
            if not data:
                break
            self._pass_on(data)
        if self.rest:
            self._end_line()

    def _pass_on(self, data):
        if not self.mark:
            write(data)
        if self.returned and data.startswith(b"\n"):
            data = data[1:]  # the other half of a line's end
        self.returned = data.endswith(b"\r")
        text = self.rest + data
        lines = LINES.findall(text)
        self.rest = text[sum(map(len, lines)):]
        self.last.extend(line.rstrip(b"\r\n") for line in lines[-LAST_LINES:])
        if self.mark:
            write(b"".join(self.mark + line for line in lines))
        if len(self.rest) > LONGEST_LINE:
            self._end_line()

    def _end_line(self):
        self.last.append(self.rest)
        if self.mark:
            write(self.mark + self.rest + b"\n")
        self.rest = b""


def write(lines):
    with ONE_AT_A_TIME:
        while lines:
            lines = lines[os.write(1, lines):]


def start_with(pipes, ranks, outputs, start):
    """How PContext starts the processes, once there are pipes for them: not before, as torchrun may be killed until then."""

    def started(context):
        os.mkdir(pipes, 0o700)
        outputs.extend(RankOutput(os.path.join(pipes, str(local)), ranks, local) for local in range(ranks.count))
        return start(context)

    return started


def watched_close(ranks, close):
    """How PContext ends the processes, but that they are told once, and have the time that the launcher gives them."""

    def closed(context, death_sig=None, timeout=30):
        if death_sig is None:
            ranks.settle()
        first, ranks.told = not ranks.told, True
        if not first:  # torch would tell them again, in the middle of their last words
            for pid in context.pids().values():
                try:
                    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
                except ChildProcessError:
                    pass  # it has ended
        close(context, death_sig, timeout if ranks.launcher is None else 10 ** 9)

    return closed


def main(arguments):
    parsed = run.parse_args(arguments)
    script = len(arguments) - len(parsed.training_script_args) - 1
    count = int(parsed.nproc_per_node)
    ranks = StartedRanks(parsed.node_rank * count, count)
    pipes = os.path.join(tempfile.gettempdir(), "millrace-torchrun-" + os.urandom(8).hex())
    outputs = []
    PContext.start = start_with(pipes, ranks, outputs, PContext.start)
    PContext.close = watched_close(ranks, PContext.close)
    code = 0
    try:
        python = [os.environ.get("PYTHON_EXEC", sys.executable), "-u"]
        run.main(arguments[:script] + ["--no_python", "/bin/sh", "-c", ENTRANCE, pipes] + python + arguments[script:])
    except ChildFailedError as failed:
        for each in failed.failures.values():
            ranks.note(each.local_rank, each.exitcode, outputs[each.local_rank].last_lines,
                       told=ranks.told and each.exitcode == -signal.SIGTERM)
        print(ChildFailedError(parsed.training_script, failed.failures), file=sys.stderr, flush=True)
        code = 1
    except SignalException as told:
        code = 128 + told.sigval
    finally:
        shutil.rmtree(pipes, ignore_errors=True)
    sys.exit(ranks.finish(code))


if LINUX and KNOWN:
    main(sys.argv[1:])
else:
    if LINUX:
        say_unknown("torchrun")
    run.main()
