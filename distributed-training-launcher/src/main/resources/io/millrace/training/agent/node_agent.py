"""Starts and watches the processes of one node for a launcher on another machine.

usage: node_agent.py NODE HOST PORT...

The launcher listens at one of the HOST PORT pairs; the agent connects to it, says who it is with the token in the
variable MILLRACE_AGENT_TOKEN, and then does what it is told. When the connection ends, or nothing comes through it
for too long, every process of the node is killed: a launcher that is gone leaves nothing behind. So it is when the
agent's parent is gone, and where MILLRACE_AGENT_STDIN is 1, when its standard input ends.

Frames, both ways: length of the payload (4 bytes), kind (1 byte), channel (4 bytes), payload; numbers are big-endian.
"""
import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

HEADER = struct.Struct(">IBI")
START, ORDERS, CALL, PING, WELCOME = 1, 2, 3, 4, 5
HELLO, OUTPUT, STATUS, CLOSED, RESULT, PONG = 10, 11, 12, 13, 14, 15
BEAT = 2.0
SIOCGIFADDR = 0x8915


class Launcher:
    """The way to the launcher."""

    def __init__(self, sock):
        self.sock = sock
        self.lock = threading.Lock()
        self.buffer = b""

    def send(self, kind, channel, payload=b""):
        if isinstance(payload, dict):
            payload = json.dumps(payload).encode("utf-8")
        with self.lock:
            self.sock.sendall(HEADER.pack(len(payload), kind, channel) + payload)

    def frames(self):
        """What has come; None once the connection is closed."""
        data = self.sock.recv(1 << 16)
        if not data:
            return None
        self.buffer += data
        found = []
        while len(self.buffer) >= HEADER.size:
            length, kind, channel = HEADER.unpack_from(self.buffer)
            end = HEADER.size + length
            if len(self.buffer) < end:
                break
            found.append((kind, channel, self.buffer[HEADER.size:end]))
            self.buffer = self.buffer[end:]
        return found


class Agent:
    def __init__(self, launcher):
        self.launcher = launcher
        self.patience = 60.0
        self.selector = selectors.DefaultSelector()
        self.processes = {}  # channel -> supervisor
        self.open_pipes = {}  # channel -> how many pipes are open
        self.asked_to_end = set()  # channels
        self.taken = set()  # of those, the ones whose end the launcher had not asked for
        self.held_ports = {}
        self.heard = time.monotonic()
        self.parent = os.getppid()

    def run(self):
        self.selector.register(self.launcher.sock, selectors.EVENT_READ, self.on_launcher)
        wake, ring = os.pipe()
        for end in (wake, ring):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(ring)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self.selector.register(wake, selectors.EVENT_READ, lambda: self.on_signal(wake))
        if os.environ.get("MILLRACE_AGENT_STDIN") == "1":
            self.selector.register(sys.stdin.fileno(), selectors.EVENT_READ, on_stdin)
        beat = 0.0
        try:
            while True:
                now = time.monotonic()
                if now - self.heard > self.patience:
                    raise Gone("the launcher has not been heard of for %.0f s" % self.patience)
                if os.getppid() != self.parent:
                    raise Gone("the process that started the agent is gone")
                if now - beat >= BEAT:
                    self.launcher.send(PONG, 0)
                    beat = now
                for key, _ in self.selector.select(BEAT / 2):
                    key.data()
        except (Gone, OSError) as why:
            print("The agent ends: %s" % why, flush=True)
        finally:
            self.end_all()

    def on_launcher(self):
        frames = self.launcher.frames()
        if frames is None:
            raise Gone("the launcher has closed the connection")
        self.heard = time.monotonic()
        for kind, channel, payload in frames:
            if kind == START:
                self.start(channel, json.loads(payload))
            elif kind == ORDERS:
                self.order(channel, payload)
            elif kind == CALL:
                threading.Thread(target=self.call, args=(channel, json.loads(payload)), daemon=True).start()
            elif kind == WELCOME:
                self.patience = json.loads(payload)["patience"]

    def on_signal(self, wake):
        """Whoever owns the node wants its end: the processes may save what they have. The node is lost to the launcher
        then, which must not take their exit codes for a success.
        """
        os.read(wake, 4096)
        self.taken.update(set(self.processes) - self.asked_to_end)
        for channel in list(self.processes):
            self.order(channel, b"T")

    def start(self, channel, order):
        environment = {k: v for k, v in os.environ.items() if k not in set(order["unset"])}
        environment.update(order["environment"])
        try:
            process = subprocess.Popen(
                order["command"], cwd=order["directory"], env=environment, bufsize=0,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            self.launcher.send(STATUS, channel, ("failed %s\n" % error).encode("utf-8", "replace"))
            self.launcher.send(CLOSED, channel)
            return
        self.processes[channel] = process
        self.open_pipes[channel] = 2
        for pipe, kind in ((process.stdout, OUTPUT), (process.stderr, STATUS)):
            self.selector.register(pipe, selectors.EVENT_READ, lambda p=pipe, k=kind: self.relay(channel, p, k))

    def relay(self, channel, pipe, kind):
        data = os.read(pipe.fileno(), 1 << 15)
        if data:
            if kind == OUTPUT or channel not in self.taken:
                self.launcher.send(kind, channel, data)
            return
        self.selector.unregister(pipe)
        pipe.close()
        if kind == STATUS and channel not in self.taken:
            self.launcher.send(STATUS, channel)  # an empty one: the supervisor has no more to say
        self.open_pipes[channel] -= 1
        if self.open_pipes[channel] == 0:
            process = self.processes.pop(channel)
            close_quietly(process.stdin)
            process.wait()
            if channel not in self.taken:
                self.launcher.send(CLOSED, channel)
            elif not self.processes:
                raise Gone("whoever owns the node has ended its processes")

    def order(self, channel, letters):
        """Launcher and owner of the node may both ask for the end: the process that saves what it has is told once."""
        process = self.processes.get(channel)
        if b"T" in letters:
            if channel in self.asked_to_end:
                letters = letters.replace(b"T", b"")
            self.asked_to_end.add(channel)
        if process and letters:
            try:
                process.stdin.write(letters)
            except OSError:
                pass  # it has ended, and its end is on its way to the launcher

    def call(self, channel, request):
        try:
            answer = CALLS[request["call"]](self, request)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            answer = {"error": str(error)}
        try:
            self.launcher.send(RESULT, channel, answer)
        except OSError:
            pass  # the connection's end is noticed by the agent itself

    def call_run(self, request):
        done = subprocess.run(
            request["command"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=request["timeout"], check=False)
        return {"exit_code": done.returncode, "output": done.stdout.decode("utf-8", "replace")}

    def call_hold_port(self, request):
        """A port that is held as long as the launcher wants, though rank 0 can listen on it; see README."""
        for candidate in request["candidates"]:
            holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                holder.bind(("0.0.0.0", candidate))
            except OSError:
                holder.close()
                continue
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.held_ports[candidate] = holder
            return {"port": candidate}
        return {"port": 0}

    def call_give_port(self, request):
        holder = self.held_ports.pop(request["port"], None)
        if holder:
            holder.close()
        return {}

    def call_sweep(self, request):
        try:
            os.killpg(request["group"], signal.SIGKILL)
        except ProcessLookupError:
            pass  # nothing was left of the group
        mark = "MILLRACE_MARK=" + request["mark"]
        for _ in range(100):  # what was just being started by one of them is found on the next look
            marked = [int(name) for name in os.listdir("/proc")
                      if name.isdigit() and mark in read("/proc/%s/environ" % name)]
            if not marked:
                break
            for pid in marked:
                try:
                    os.kill(pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass  # it has ended
        return {}

    def call_vitals(self, request):
        """The files of /proc of a supervised process and of all that it has started."""
        supervisor = self.processes.get(request["channel"])
        if not supervisor:
            return {"processes": {}}
        files = {}
        for pid in descendants(supervisor.pid, children_of_all()):
            files[pid] = {
                "stat": read("/proc/%d/stat" % pid), "io": read("/proc/%d/io" % pid),
                "task": read("/proc/%d/task/%d/stat" % (pid, pid))}
        return {"processes": files}

    def call_usage(self, request):
        """What is counted of supervised processes and the machine, and what the vendors' tools print of devices: text,
        as it is, which the launcher reads.
        """
        children = children_of_all()
        files = {}
        for channel in request["channels"]:
            supervisor = self.processes.get(channel)
            for pid in descendants(supervisor.pid, children) if supervisor else ():
                files[pid] = {"stat": read("/proc/%d/stat" % pid), "status": lines("/proc/%d/status" % pid, "VmRSS:")}
        answer = {
            "clock": time.monotonic_ns(), "processes": files, "stat": lines("/proc/stat", "cpu "),
            "meminfo": lines("/proc/meminfo", "MemTotal:", "MemAvailable:"), "tools": {}}
        deadline = time.monotonic() + request["timeout"]
        for name, command in request["tools"].items():
            program = shutil.which(command[0])
            if program:
                answer["tools"][name] = dict(printed([program] + command[1:], deadline), program=program)
        return answer

    def end_all(self):
        """Closing the orders of a supervisor makes it kill all that it has started, and end."""
        for process in self.processes.values():
            close_quietly(process.stdin)
        deadline = time.monotonic() + 10
        for process in self.processes.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        os._exit(1)  # threads of calls may still wait for something


CALLS = {
    "run": Agent.call_run, "hold_port": Agent.call_hold_port, "give_port": Agent.call_give_port,
    "sweep": Agent.call_sweep, "vitals": Agent.call_vitals, "usage": Agent.call_usage}


class Gone(Exception):
    """There is nobody left to work for."""


def on_stdin():
    if not os.read(sys.stdin.fileno(), 4096):
        raise Gone("standard input has ended")


def close_quietly(stream):
    try:
        stream.close()
    except OSError:
        pass  # the other end is gone already


def read(path):
    try:
        with open(path, encoding="latin-1") as file:
            return file.read()
    except OSError:
        return ""  # it has ended, or belongs to somebody else


def lines(path, *beginnings):
    """Those lines of a file that begin so: what the launcher does not read need not travel."""
    return "".join(line for line in read(path).splitlines(True) if line.startswith(beginnings))


def printed(command, deadline):
    """What a program prints. One that is late is killed and not waited for: it may never leave the driver of a device
    that is lost.
    """
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        return {"error": str(error)}
    try:
        output = process.communicate(timeout=max(0.0, deadline - time.monotonic()))[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return {}
    return {"exit_code": process.returncode, "output": output.decode("utf-8", "replace")}


def children_of_all():
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = read("/proc/%s/stat" % name).rpartition(")")[2].split()
            if len(fields) > 1:
                children.setdefault(int(fields[1]), []).append(int(name))
    return children


def descendants(pid, children):
    found, pending = [], [pid]
    while pending:
        for child in children.get(pending.pop(), []):
            found.append(child)
            pending.append(child)
    return found


def interface_of(address):
    """The network interface that has that IPv4 address; empty text if none is found."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                packed = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # it has none
            if socket.inet_ntoa(packed[20:24]) == address:
                return name
    return ""


def connect(places):
    failures = []
    for host, port in places:
        try:
            return socket.create_connection((host, port), timeout=15)
        except OSError as error:
            failures.append("%s:%d (%s)" % (host, port, error))
    raise SystemExit("Cannot reach the launcher at " + ", ".join(failures))


def main(arguments):
    node = int(arguments[0])
    places = [(arguments[i], int(arguments[i + 1])) for i in range(1, len(arguments), 2)]
    token = os.environ.pop("MILLRACE_AGENT_TOKEN")
    sock = connect(places)
    sock.settimeout(60)
    launcher = Launcher(sock)
    address = sock.getsockname()[0]
    launcher.send(HELLO, 0, {
        "token": token, "node": node, "host": os.environ.get("MILLRACE_AGENT_HOST") or socket.gethostname(),
        "address": address, "interface": interface_of(address), "cores": len(os.sched_getaffinity(0)),
        "devices": [each for each in os.environ.get("MILLRACE_AGENT_DEVICES", "").split(",") if each],
        "pythonpath": os.environ.get("PYTHONPATH", ""),
        "set": [name for name in ("PYTHONUNBUFFERED", "OMP_NUM_THREADS", "GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME")
                if name in os.environ],
        "vitals": os.path.exists("/proc/self/io"),
        "machine": socket.gethostname(), "boot": read("/proc/sys/kernel/random/boot_id").strip(),
        "visible": {name: os.environ[name] for name in ("CUDA_VISIBLE_DEVICES", "ASCEND_RT_VISIBLE_DEVICES")
                    if name in os.environ}})
    Agent(launcher).run()


main(sys.argv[1:])
