"""msrun, given to the interpreter with -c, behind started_ranks.py.

By itself msrun ends at once on SIGTERM, and kills its other workers at once when one has failed. Here they get SIGTERM
and the time that the launcher gives them, or 30 s where none watches. Linux; elsewhere msrun is as it is.
"""
import importlib
import signal
import subprocess

run = importlib.import_module("mindspore.parallel.cluster.run")
KNOWN = hasattr(run, "_ProcessManager")
GRACE = 30.0  # seconds


class Told(BaseException):
    """Somebody has asked for the end. Nothing that catches errors may catch it."""


class Manager(run._ProcessManager if KNOWN else object):
    def start_workers(self):
        super().start_workers()
        for local, worker in enumerate(self.cgn_processes):
            RANKS.watch(local, worker.pid, lambda log=self.log_of(local): tail(log))

    def log_of(self, local):
        return os.path.join(self.log_dir, "worker_%d.log" % (RANKS.first + local))

    def kill_worker_processes(self):
        RANKS.settle()
        self.end_workers()
        super().kill_worker_processes()
        self.end_scheduler()  # msrun waits for it, and it for 30 s for the lost

    def end_workers(self):
        if not RANKS.told:
            RANKS.told = True
            for worker in self.cgn_processes:
                if worker.poll() is None:
                    worker.terminate()
        deadline = None if RANKS.launcher is not None else time.monotonic() + GRACE
        for worker in self.cgn_processes:
            try:
                worker.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                return

    def end_all(self):
        self.end_workers()
        self.end_scheduler()
        self.kill_tail_log_processes()

    def end_scheduler(self):
        if self.msn_process is not None and self.msn_process.poll() is None:
            self.msn_process.kill()


def tail(log):
    try:
        with open(log, "rb") as file:
            file.seek(max(0, os.path.getsize(log) - (1 << 16)))
            return quoted(file.read().splitlines())
    except OSError:
        return []


def on_sigterm(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Told()


def main():
    global RANKS
    arguments = run.get_args()
    RANKS = StartedRanks(arguments.node_rank * arguments.local_worker_num, arguments.local_worker_num)
    manager = Manager(arguments)
    code = 0
    signal.signal(signal.SIGTERM, on_sigterm)
    try:
        manager.run()
    except Told:
        manager.end_all()
        code = 128 + signal.SIGTERM
    except RuntimeError as error:
        if not RANKS.failed:
            raise
        print(error, file=sys.stderr, flush=True)
        code = 1
    sys.exit(RANKS.finish(code))


if LINUX and KNOWN:
    main()
else:
    if LINUX:
        say_unknown("msrun")
    run.main()
