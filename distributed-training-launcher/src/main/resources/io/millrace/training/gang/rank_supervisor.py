"""Runs one training process so that nothing of it outlives the launcher.

usage: rank_supervisor.py [--uid UID] [--reports] COMMAND [ARGUMENT...]

The launcher holds the other end of standard input: "T" asks the process to end (SIGTERM), "K" kills it with all
that it has started, and so does the end of the input, which comes when the launcher dies, however it dies. Lines on
standard error tell the launcher how things stand: "started PID MARK", "exited CODE", "signalled NUMBER", "failed WHY".
The process's own output and errors go to standard output. All that it starts inherits the mark in the variable
MILLRACE_MARK, so that the launcher finds what is left if the supervisor itself is killed. With a UID it runs as that user and that group.

With --reports the process is a tool that starts others and tells how they end: it finds the descriptor of standard
error in the variable MILLRACE_REPORTS, for lines "rank JSON" (Linux, where the tool cannot outlive this process and hold
the descriptor).

On Linux orphans of the process become children of this one, so that none gets away, and the process is killed if
this one is. Elsewhere its process group is killed.
"""
import os
import select
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LINUX = sys.platform.startswith("linux")
CONTROL, OUTPUT, STATUS = 0, 1, 2


def main(command):
    uid, reports = None, False
    if command[0] == "--uid":
        uid, command = int(command[1]), command[2:]
    if command[0] == "--reports":
        reports, command = LINUX, command[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)  # the launcher decides, not the terminal
    if os.getpid() != os.getpgrp():
        os.setsid()
    libc = load_libc()
    if libc:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    wake, ring = os.pipe()
    for end in (wake, ring):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(ring)
    signal.signal(signal.SIGCHLD, lambda *_: None)

    mark = "%d-%s" % (os.getpid(), os.urandom(8).hex())
    os.environ["MILLRACE_MARK"] = mark
    pid = start(command, libc, uid, reports)
    report("started %d %s" % (pid, mark))
    while not has_ended(pid):
        ready = select.select([CONTROL, wake], [], [])[0]
        if wake in ready:
            os.read(wake, 4096)
        if CONTROL in ready:
            orders = os.read(CONTROL, 4096)
            if b"T" in orders:
                signal_to(os.kill, pid, signal.SIGTERM)
                signal_to(os.kill, pid, signal.SIGCONT)  # a stopped process gets SIGTERM only then
            if b"K" in orders or not orders:
                signal_to(os.killpg, pid, signal.SIGKILL)
                signal_to(os.kill, pid, signal.SIGKILL)
                if not orders:
                    sweep(pid)
                    return


def load_libc():
    if not LINUX:
        return None
    try:
        import ctypes
        return ctypes.CDLL(None)
    except (ImportError, OSError):
        return None


def start(command, libc, uid, reports):
    supervisor = os.getpid()
    failure, told = os.pipe()  # closed by a successful exec
    pid = os.fork()
    if pid == 0:
        try:
            signal.set_wakeup_fd(-1)
            os.setsid()
            if uid is not None and uid != os.getuid():
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            if libc:  # only now: a change of the user undoes it
                libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
                if os.getppid() != supervisor:
                    os._exit(1)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, CONTROL)
            if reports:
                descriptor = os.dup(STATUS)
                os.set_inheritable(descriptor, True)
                os.environ["MILLRACE_REPORTS"] = str(descriptor)
            os.dup2(OUTPUT, STATUS)
            os.execvp(command[0], command)
        except BaseException as error:
            os.write(told, str(error).encode("utf-8", "replace"))
        finally:
            os._exit(127)
    os.close(told)
    why = os.read(failure, 4096)
    os.close(failure)
    if why:
        report("failed " + why.decode("utf-8", "replace").replace("\n", " "))
    return pid


def has_ended(pid):
    """Reaps what has ended; tells the launcher once it is the process itself, and ends all that it left behind."""
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if ended == 0:
            return False
        if ended == pid:
            if os.WIFSIGNALED(status):
                report("signalled %d" % os.WTERMSIG(status))
            else:
                report("exited %d" % os.WEXITSTATUS(status))
            sweep(pid)
            return True


def sweep(pid):
    """Kills until no child is left; each kill may hand over the children of the killed."""
    while True:
        if LINUX:
            for each in children():
                signal_to(os.kill, each, signal.SIGKILL)
        else:
            signal_to(os.killpg, pid, signal.SIGKILL)
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended == 0:
            time.sleep(0.005)


def children():
    me, found = str(os.getpid()), []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as stat:
                    if stat.read().rpartition(")")[2].split()[1] == me:
                        found.append(int(name))
            except OSError:
                pass  # it has ended
    return found


def signal_to(how, pid, number):
    try:
        how(pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # it has ended


def report(line):
    try:
        os.write(STATUS, (line + "\n").encode("utf-8"))
    except OSError:
        pass  # the launcher is gone; the end of the input says so too


main(sys.argv[1:])
