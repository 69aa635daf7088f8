"""Looks whether a node is fit to train, and prints what it has found: a JSON list of {code, message, item}.

usage: node_checks.py JSON

The argument holds the thresholds; a check without one is left out. The items, their names and their meaning are those
of ModelArts' check before a fault-tolerant job, and so is the code of a disk that is too small (13).
"""
import json
import os
import resource
import shutil
import socket
import subprocess
import sys

OK, UNKNOWN_HOST, SMALL_DISK, LOW_LIMIT, NO_DEVICE = 0, 11, 13, 14, 15
LIMITS = {  # name of the threshold: what is limited, its unit in bytes or pieces, how it is called
    "locked_memory_kb": (resource.RLIMIT_MEMLOCK, 1024, "max locked memory"),
    "open_files": (resource.RLIMIT_NOFILE, 1, "open files"),
    "stack_kb": (resource.RLIMIT_STACK, 1024, "stack size"),
    "processes": (resource.RLIMIT_NPROC, 1, "max user processes"),
}


def main(wanted):
    found = []
    for host in wanted.get("hosts", []):
        try:
            socket.getaddrinfo(host, None)
        except OSError as error:
            found.append(bad(UNKNOWN_HOST, "dns", "the name %s cannot be resolved: %s" % (host, error)))
    if wanted.get("hosts") and not found:
        found.append(good("dns"))
    for item, disk in sorted(wanted.get("disks", {}).items()):
        if os.path.exists(disk["path"]):
            free = shutil.disk_usage(disk["path"]).free
            found.append(good("disk-size " + item) if free >= disk["bytes"] else bad(
                SMALL_DISK, "disk-size " + item, 'the disk space of the path "%s" is %d, which is less than %d'
                % (disk["path"], free, disk["bytes"])))
    if wanted.get("limits") and (wanted.get("limits_always") or has_infiniband()):
        found.append(limits(wanted["limits"]))
    if wanted.get("devices"):
        found.append(devices(wanted["device_type"], wanted["devices"]))
    print(json.dumps(found))


def limits(wanted):
    low = []
    for name, least in sorted(wanted.items()):
        which, unit, words = LIMITS[name]
        now = resource.getrlimit(which)[0]
        if now != resource.RLIM_INFINITY and now // unit <= least:
            low.append("%s is %d, which is not more than %d" % (words, now // unit, least))
    return bad(LOW_LIMIT, "ulimit", "; ".join(low)) if low else good("ulimit")


def has_infiniband():
    return os.path.isdir("/sys/class/infiniband") and bool(os.listdir("/sys/class/infiniband"))


def devices(kind, wanted):
    item = kind + "-check"
    if kind == "npu":
        there = len([name for name in os.listdir("/dev") if name.startswith("davinci") and name[7:].isdigit()])
    else:
        try:
            listed = subprocess.run(
                ["nvidia-smi", "-L"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return bad(NO_DEVICE, item, "nvidia-smi -L cannot be run: %s" % error)
        there = len([line for line in listed.stdout.decode("utf-8", "replace").splitlines() if line.startswith("GPU ")])
    return good(item) if there >= wanted else bad(NO_DEVICE, item, "%d devices are wanted, and %d are there" % (
        wanted, there))


def good(item):
    return {"code": OK, "message": "ok", "item": item}


def bad(code, item, message):
    return {"code": code, "message": message, "item": item}


main(json.loads(sys.argv[1]))
