"""Makes the rank table of a cluster ready for the processes of a pod; given to the interpreter with -c.

usage: rank_table.py TABLE COPY POD HOST_IP NODE NODES DEVICES

Writes TABLE to COPY as template 1 (one that is template 1 already: as it stands). TABLE is read as RankTableJson reads
it, with the same words where it is wrong. A table that is wrong, or not for a job of NODES nodes with DEVICES devices
each, ends with a sentence and exit code 78.
"""
import json
import os
import re
import sys

NUMBERED = re.compile(r"[^\n\r\u0085\u2028\u2029]*-([0-9]{1,9})")
MISSING = object()


class Refused(Exception):
    pass


def main(table, copy, pod, host_ip, node, nodes, devices):
    try:
        with open(table, encoding="utf-8") as source:
            content = source.read()
    except (OSError, ValueError) as error:
        raise Refused("it cannot be read: %s." % error)
    root = completed(content)
    pods = None
    if "server_list" in root:
        listed = servers(root)
    else:
        listed, pods = groups(root)
        content = template_1(listed)
    check_ranks(listed)
    own = of_host(listed, host_ip) if pods is None else of_pod(pods, pod)
    check_fit(own, sum(len(each) for _, each in listed), node, nodes, devices)
    try:
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with open(copy, "w", encoding="utf-8") as target:
            target.write(content)
    except OSError as error:
        raise Refused("its copy for this node cannot be written: %s." % error)


# What a table says: a list of (server, [(device, address, rank)]), and for template 2 of (pod, [...]) as well.


def completed(content):
    try:
        root = json.loads(content, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("Cannot read the rank table: it is no JSON: %s." % error)
    if not isinstance(root, dict):
        raise Refused("Cannot read the rank table: it is no JSON object.")
    version = text_of(root.get("version"), "1.0")
    if version in ("1.2", "2.0") or "rank_list" in root or "super_pod_list" in root:
        raise Refused("Cannot read the rank table: version %s is for super pods, which Millrace does not start. "
                      "Give one of version 1.0." % version)
    if version != "1.0":
        raise wrong("version", "it is '%s' (expected 1.0)" % version)
    status = text_of(root.get("status"), "completed")
    if status != "completed":
        raise wrong("status", "it is '%s' (expected completed)" % status)
    if "server_list" not in root and "group_list" not in root:
        raise wrong("server_list", "neither it nor group_list is there (expected one of them)")
    return root


def no_number(text):
    raise ValueError(text + " is no number")


def servers(root):
    listed = []
    for i, each in enumerate(array(root, "server_list", "")):
        at = "server_list[%d]." % i
        ranked = []
        for d, node in enumerate(array(each, "device", at)):
            at_device = "%sdevice[%d]." % (at, d)
            ranked.append(device(node, at_device) + (number(node, "rank_id", at_device),))
        listed.append(server(text(each, "server_id", at), ranked))
    check_count(root, "server_count", "", len(listed))
    return listed


def groups(root):
    listed = array(root, "group_list", "")
    check_count(root, "group_count", "", len(listed))
    if listed and has(listed[0], "device_num"):
        return laboratory(listed), None
    pods = instances(listed)
    by_server = {}
    for place, _, ranked in pods:
        if ranked:
            by_server.setdefault(place, []).extend(ranked)
    return [server(place, ranked) for place, ranked in by_server.items()], [each[1:] for each in pods]


def instances(listed):
    found = []
    for g, group in enumerate(listed):
        at = "group_list[%d]." % g
        of_group = []
        for i, each in enumerate(array(group, "instance_list", at)):
            at_instance = "%sinstance_list[%d]." % (at, i)
            pod, place = text(each, "pod_name", at_instance), text(each, "server_id", at_instance)
            own = devices_of(each, at_instance)
            match = NUMBERED.fullmatch(pod)
            if not match:
                raise Refused("Invalid pod_name: '%s' (expected a name that ends in a hyphen and a number)" % pod)
            if not place.strip():
                raise Refused("Invalid server_id: '%s' of pod %s (expected an address)" % (place, pod))
            of_group.append((int(match.group(1)), place, pod, own))
        text(group, "group_name", at)
        check_count(group, "instance_count", at, len(of_group))
        check_count(group, "device_count", at, sum(len(own) for *_, own in of_group))
        found.append(sorted(of_group, key=lambda instance: instance[0]))
    ranked, rank = [], 0
    for of_group in found:
        for _, place, pod, own in of_group:
            ordered = sorted(own, key=lambda each: each[0])
            ranked.append((place, pod, [each + (rank + i,) for i, each in enumerate(ordered)]))
            rank += len(own)
    if rank == 0:
        raise Refused("Invalid group_list: no instance has a device (expected at least one)")
    return ranked


def laboratory(listed):
    all_servers, rank = [], 0
    for g, group in enumerate(listed):
        at = "group_list[%d]." % g
        before, by_server = rank, {}
        for i, each in enumerate(array(group, "instance_list", at)):
            at_instance = "%sinstance_list[%d]." % (at, i)
            ranked = by_server.setdefault(text(each, "server_id", at_instance), [])
            for one in devices_of(each, at_instance):
                told = number(each, "rank_id", at_instance) if has(each, "rank_id") else rank
                ranked.append(one + (told,))
                rank += 1
        check_count(group, "device_num", at, rank - before)
        check_count(group, "server_num", at, len(by_server))
        all_servers += [server(place, ranked) for place, ranked in by_server.items()]
    return all_servers


def devices_of(instance, at):
    if field(instance, "devices") is None:
        return []
    return [device(each, "%sdevices[%d]." % (at, d)) for d, each in enumerate(array(instance, "devices", at))]


def device(node, at):
    own, address = number(node, "device_id", at), text(node, "device_ip", at)
    if not address.strip():
        raise Refused("Invalid device_ip: '%s' (expected an address)" % address)
    return own, address


def server(place, ranked):
    if not place.strip():
        raise Refused("Invalid server_id: '%s' (expected an address)" % place)
    if not ranked:
        raise Refused("Invalid server_list: server %s has no device" % place)
    seen = set()
    for own, _, _ in ranked:
        if own in seen:
            raise Refused("Invalid device_id: server %s has device %d twice" % (place, own))
        seen.add(own)
    return place, ranked


def check_ranks(listed):
    if not listed:
        raise Refused("Invalid server_list: it is empty (expected a server)")
    last = sum(len(ranked) for _, ranked in listed) - 1
    seen = set()
    for place, ranked in listed:
        for own, _, rank in ranked:
            if rank > last:
                raise Refused("Invalid rank_id: device %d of server %s has %d (expected 0 to %d, one of each)"
                              % (own, place, rank, last))
            if rank in seen:
                raise Refused("Invalid rank_id: two devices have %d (expected 0 to %d, one of each)" % (rank, last))
            seen.add(rank)


def template_1(listed):
    return json.dumps({
        "version": "1.0",
        "server_count": str(len(listed)),
        "server_list": [{
            "server_id": place,
            "device": [{"device_id": str(own), "device_ip": address, "rank_id": str(rank)}
                       for own, address, rank in ranked],
        } for place, ranked in listed],
        "status": "completed",
    }, indent=2) + "\n"


# What is the own of this node, and whether it is what the job expects.


def of_pod(pods, name):
    own = [ranked for pod, ranked in pods if pod == name]
    if not own:
        raise Refused("it has no pod %s (it has %s). Look whether the cluster wrote it for this job."
                      % (name, some([pod for pod, _ in pods])))
    return sum(own, [])


def of_host(listed, address):
    if len(listed) == 1:
        return listed[0][1]
    own = [ranked for place, ranked in listed if place == address]
    if not own:
        raise Refused("it has no server '%s', which is the address of this host (it has %s), and names no pods. "
                      "Let the cluster write template 2, or server_id as addresses of hosts."
                      % (address, some([place for place, _ in listed])))
    return sum(own, [])


def check_fit(own, total, node, nodes, devices):
    if len(own) != devices:
        raise Refused("it gives node %d %d devices (expected %d, as the job has a node). "
                      "Start the job with as many devices a node as pods get." % (node, len(own), devices))
    if total != nodes * devices:
        raise Refused("it has %d devices (expected %d, as the job has processes). "
                      "Look whether the cluster wrote it for this job." % (total, nodes * devices))
    ranks, expected = sorted(rank for _, _, rank in own), list(range(node * devices, (node + 1) * devices))
    if ranks != expected:
        raise Refused("it gives node %d the ranks %s (expected %s). "
                      "Look whether its order is that of the VC_TASK_INDEX of the pods."
                      % (node, " ".join(map(str, ranks)), " ".join(map(str, expected))))


def some(names):
    return ", ".join(names[:3]) + (" and %d more" % (len(names) - 3) if len(names) > 3 else "")


# Fields, with the words for those that are not as they should be.


def field(node, name):
    return node.get(name, MISSING) if isinstance(node, dict) else MISSING


def has(node, name):
    return field(node, name) is not MISSING


def check_count(node, name, at, actual):
    told = number(node, name, at)
    if told != actual:
        raise wrong(at + name, "it is %d, and the list has %d" % (told, actual))


def array(node, name, at):
    value = field(node, name)
    if not isinstance(value, list):
        raise wrong(at + name, "it is missing" if value is MISSING else "it is no list")
    return value


def text(node, name, at):
    value = field(node, name)
    if not isinstance(value, str):
        raise wrong(at + name, "it is missing" if value is MISSING else "it is no text")
    return value


def number(node, name, at):
    value = field(node, name)
    if value is MISSING:
        raise wrong(at + name, "it is missing")
    shown = text_of(value, "")
    if not re.fullmatch("[0-9]{1,9}", shown):
        raise wrong(at + name, "it is '%s' (expected a whole number)" % shown)
    return int(shown)


def text_of(value, otherwise):
    if value is None:
        return otherwise
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if isinstance(value, (list, dict)) else str(value)


def wrong(name, what):
    return Refused("Invalid rank table: %s: %s." % (name, what))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:5], *map(int, sys.argv[5:]))
    except Refused as refusal:
        print("[ModelArts Service Log] Cannot use the rank table %s: %s" % (sys.argv[1], refusal), file=sys.stderr)
        sys.exit(78)
