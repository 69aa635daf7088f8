"""The processes of the script that torchrun or msrun starts on a node, watched beside that tool.

Written before torchrun.py and msrun.py, which are given to the interpreter with -c. Both tools end with exit code 1
whatever happened to a process. Here each end is seen as it comes (Linux): its exit code or signal, its order, whether
the tool had told the process to end, and its last lines. A failure is told to the launcher, a line of JSON on the
descriptor MILLRACE_REPORTS that the supervisor gave, and in the log, once the tool has ended.
"""
import collections
import json
import os
import sys
import threading
import time

LINUX = sys.platform.startswith("linux")
LAST_LINES, LONGEST_QUOTE = 20, 500
SETTLING = 1.0  # seconds; how long a lost connection may be noticed before the end that caused it
LAST_OUTPUT = 5.0  # seconds that the last output of an ended process may take
SIGABRT = 6


class StartedRanks:
    def __init__(self, first, count):
        self.first, self.count = first, count
        self.ended = {}  # local rank -> exit code, -N for signal N
        self.failed = []  # local ranks that failed before they were told to end, in order
        self.told = False  # whether the tool has told them to end
        self.changed = threading.Condition()
        self.watches = []
        launcher = os.environ.pop("MILLRACE_REPORTS", None)
        self.launcher = int(launcher) if launcher else None
        if self.launcher is not None:
            os.set_inheritable(self.launcher, False)

    def watch(self, local, pid, last_lines):
        """Looks after a child of this process; last_lines() is called once it has ended."""
        thread = threading.Thread(target=self._await_end, args=(local, pid, last_lines), daemon=True)
        self.watches.append(thread)
        thread.start()

    def _await_end(self, local, pid, last_lines):
        try:
            end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # the tool itself takes the child's end away
        except ChildProcessError:
            return  # it already has, and knows the exit code
        code = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
        self.note(local, code, last_lines, self.told)

    def note(self, local, code, last_lines, told):
        """Takes the end of a process in, unless it is known."""
        with self.changed:
            if local in self.ended:
                return
            at = time.time()
            self.ended[local] = code
            if code != 0 and not told:
                self.failed.append(local)
            self.changed.notify_all()
        if code != 0:
            self._report(local=local, of=self.count, code=code, told=told, at=at, lines=last_lines())

    def _report(self, **what):
        if self.launcher is None:
            return
        line = ("rank " + json.dumps(what) + "\n").encode("ascii")
        with self.changed:
            try:
                while line:
                    line = line[os.write(self.launcher, line):]
            except OSError:
                self.launcher = None  # it is gone, and this process soon too

    def settle(self):
        """Before the others are told to end: leaves time for the culprit, if only casualties may have ended."""
        with self.changed:
            self.changed.wait_for(
                lambda: len(self.ended) == self.count or any(self._is_culprit(each) for each in self.failed),
                SETTLING if self.failed else 0)

    def _is_culprit(self, local):
        return self.ended[local] < 0 and self.ended[local] != -SIGABRT

    def finish(self, code):
        """Says which processes failed; gives the exit code of the one that is most likely to blame, or else that code."""
        for watch in self.watches:
            watch.join(LAST_OUTPUT)
        failed = sorted(self.failed, key=lambda local: not self._is_culprit(local))
        for local in failed:
            print("[ModelArts Service Log] rank %d ended with exit code %d"
                  % (self.first + local, exit_code(self.ended[local])), flush=True)
        return exit_code(self.ended[failed[0]]) if failed else code


def say_unknown(tool):
    print("[ModelArts Service Log] This version of %s is not known: its processes are not watched one by one, and if one fails, "
          "%s is named." % (tool, tool), flush=True)


def exit_code(code):
    return 128 - code if code < 0 else code


def quoted(lines):
    """The last lines as a failure message may quote them."""
    return [line[:LONGEST_QUOTE].decode("utf-8", "replace") for line in collections.deque(lines, LAST_LINES)]


