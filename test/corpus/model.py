"""What `kaudit enable` may change in a manifest, worked out again from section 4 of the design on plain trees.

`problems(old, new, wish)` lists everything by which the new tree is not the old tree plus exactly what was asked for.
Where the design leaves a choice (which number a second name gets, the order among new list items, whether a directory
that only held the old log stays mounted) every choice it allows passes; nothing else does.
"""

import re
from dataclasses import dataclass, field

import go_yaml
import pod_model as pods

ROTATION = {"audit-log-maxage": "30", "audit-log-maxbackup": "10", "audit-log-maxsize": "100"}
MAIN_FILES = ("audit-policy-file", "audit-log-path", "audit-webhook-config-file")


@dataclass
class Wish:
    policy: str
    digest: str
    log: str
    directory: bool = False  # the log's directory is mounted, not the log itself
    enforced: dict = field(default_factory=dict)

    def values(self):
        return {"audit-policy-file": self.policy, "audit-log-path": self.log, **self.enforced}


def problems(old, new, wish):
    try:
        index = pods.server_container(old)
        found = _outside(old, new, index)
        if found:
            return found
        return (_annotations(old, new, wish) + _arguments(old, new, index, wish) + _mounts(old, new, index, wish)
                + _volumes(old, new, index, wish))
    except (KeyError, TypeError, ValueError, IndexError) as odd:
        return [f"the new tree cannot be judged: {odd!r}"]


def _without(mapping, *names):
    return {key: value for key, value in mapping.items() if key not in names}


def _outside(old, new, index):
    """Everything that is never touched, the order of keys included."""
    found = []

    def equal(where, left, right):
        if not go_yaml.same(left, right):
            found.append(f"{where} changed: {left!r} -> {right!r}"[:400])

    equal("the root", _without(old, "metadata", "spec"), _without(new, "metadata", "spec"))
    equal("metadata", _without(old.get("metadata") or {}, "annotations"), _without(new.get("metadata") or {}, "annotations"))
    equal("spec", _without(old["spec"], "containers", "volumes"), _without(new["spec"], "containers", "volumes"))
    before, after = pods.containers(old), pods.containers(new)
    equal("the other containers", before[:index] + before[index + 1:], after[:index] + after[index + 1:])
    touched = ("command", "args", "volumeMounts")
    equal("the container", _without(before[index], *touched), _without(after[index], *touched))
    for where, left, right in (("root", old, new), ("spec", old["spec"], new["spec"]),
                               ("container", before[index], after[index])):
        if [key for key in right if key in left] != list(left):
            found.append(f"order of keys changed in {where}")
    return found


def _annotations(old, new, wish):
    expected = dict((old.get("metadata") or {}).get("annotations") or {})
    expected["kaudit/policy-sha256"] = wish.digest
    actual = new["metadata"].get("annotations")
    return [] if go_yaml.same(expected, actual) else [f"annotations: wanted {expected}, found {actual}"]


def _arguments(old, new, index, wish):
    before, after = pods.containers(old)[index], pods.containers(new)[index]
    start = pods.server_start(pods.argv(before))
    if pods.argv(after)[:start] != pods.argv(before)[:start]:
        return [f"the start of the command changed: {pods.argv(after)[:start]}"]
    left = pods.arguments(pods.argv(before)[start:])
    right = pods.arguments(pods.argv(after)[start:])
    found = _final_flags(left, right, wish)
    inserted, walked = _walk(left, right, wish)
    return found + walked + _positions(left, right, inserted) + _list(before, after)


def _list(before, after):
    """New flags stand in the list that holds flags already; the other list is left alone."""
    found = []
    for name, other in (("command", "args"), ("args", "command")):
        has_flags = any(word.startswith("-") for word in before.get(name) or [])
        other_has = any(word.startswith("-") for word in before.get(other) or [])
        if has_flags and not other_has and not go_yaml.same(before.get(other), after.get(other)):
            found.append(f"the flags stand in {name}, but {other} changed")
    return found


def _final_flags(left, right, wish):
    found = []
    names = {argument.name for argument in right}
    for name, value in wish.values().items():
        got = [argument.value for argument in right if argument.name == name]
        if got != [value]:
            found.append(f"--{name} is {got}, wanted once {value}")
    for name, value in ROTATION.items():
        if name in wish.enforced:
            continue
        given = pods.last_value(left, name)
        if given is None and wish.log == "-" and name not in names:
            continue
        if pods.last_value(right, name) != (value if given is None else given):
            found.append(f"--{name} is {pods.last_value(right, name)}, wanted {value if given is None else given}")
    return found


def _walk(left, right, wish):
    """Old arguments reappear in their order, each as it was or with its value replaced. Returns the new ones."""
    inserted, found = [], []
    position = 0
    twice = {a.name for a in left if a.name and sum(a.name == b.name for b in left) > 1}
    for place, argument in enumerate(right):
        while (position < len(left) and left[position] != argument and left[position].name in twice
               and left[position].name in wish.values() and left[position].name != argument.name):
            position += 1
        if position < len(left) and left[position] == argument:
            position += 1
        elif (position < len(left) and argument.name in wish.values() and left[position].name == argument.name
              and len(left[position].elements) == len(argument.elements)
              and left[position].spelling == argument.spelling):
            position += 1
        elif (argument.name in wish.values() or argument.name in ROTATION) and not any(
                argument.name == other.name for other in left):
            if argument.elements != (f"--{argument.name}={argument.value}",):
                found.append(f"new flag in an odd form: {argument.elements}")
            inserted.append(place)
        else:
            found.append(f"unexpected argument {argument.elements}, wanted {left[position:position + 1]}")
            break
    lost = [a.elements for a in left[position:] if not (a.name in twice and a.name in wish.values())]
    if lost and not found:
        found.append(f"arguments lost: {lost}")
    return inserted, found


def _positions(left, right, inserted):
    """Sorted position in a sorted list, else beside the audit flags there are, else at the end."""
    flags = [argument for argument in left if argument.name is not None]
    by_name = [argument.name for argument in flags]
    if len(flags) < 2 or not inserted:
        return []
    if by_name == sorted(by_name):
        names = [argument.name for argument in right if argument.name is not None]
        return [] if names == sorted(names) else [f"the list was sorted and is not any more: {names}"]
    if [f"{a.name}={a.value}" for a in flags] == sorted(f"{a.name}={a.value}" for a in flags):
        return []
    family = [name for name in by_name if name.startswith("audit-")]
    found = []
    for place in inserted:
        neighbours = [right[at].name or "" for at in (place - 1, place + 1) if 0 <= at < len(right)]
        if family and not any(name.startswith("audit-") for name in neighbours):
            found.append(f"--{right[place].name} does not stand with its family")
        if not family and any(at not in inserted for at in range(place, len(right))):
            found.append(f"--{right[place].name} does not stand at the end")
    return found


def _mounts(old, new, index, wish):
    before, after = pods.containers(old)[index], pods.containers(new)[index]
    found = []
    if not pods.reaches_host(new, after, wish.policy, writable=False):
        found.append(f"the container does not see the node's {wish.policy}")
    log_target = wish.log.rsplit("/", 1)[0] if wish.directory else wish.log
    if wish.log != "-" and not pods.reaches_host(new, after, log_target, writable=True):
        found.append(f"the container does not write the node's {log_target}")
    kept, added = _split(before.get("volumeMounts"), after.get("volumeMounts"), found, "mount")
    for mount in added:
        path = mount.get("mountPath")
        read_only = path == wish.policy
        if path not in (wish.policy, log_target) or not set(mount) <= {"name", "mountPath", "readOnly"}:
            found.append(f"unasked mount {mount}")
        elif (mount.get("readOnly", False) is True) != read_only:
            found.append(f"readOnly is wrong in {mount}")
        elif pods.reaches_host(old, before, path, writable=not read_only):
            found.append(f"{path} was covered already, yet {mount} was added")
    paths = [str(mount["mountPath"]) for mount in after.get("volumeMounts") or []]
    if len(paths) != len(set(paths)):
        found.append(f"two mounts at one path: {paths}")
    return found + _removed_mounts(old, before, kept, wish)


def _split(old_list, new_list, found, what):
    """Old items that are still there in their order, and the new ones."""
    old_list, new_list = list(old_list or []), list(new_list or [])
    kept, added, position = [], [], 0
    for item in new_list:
        at = next((i for i in range(position, len(old_list)) if go_yaml.same(old_list[i], item)), None)
        if at is None:
            added.append(item)
        else:
            kept.append(at)
            position = at + 1
    if any(go_yaml.same(item, other) for item in added for other in old_list):
        found.append(f"a {what} changed its place")
    return kept, added


def stale(pod, container, wish):
    """(must, may): mounts whose only purpose is an audit path that the wish moves away; directories are a choice."""
    args = pods.arguments(pods.argv(container))
    must, may = [], []
    wanted = wish.values()
    moved = {name: pods.last_value(args, name) for name in MAIN_FILES
             if name in wanted and pods.last_value(args, name) not in (None, "", "-", wanted[name])}
    for at, mount in enumerate(container.get("volumeMounts") or []):
        if pods.others_use(pod, container, mount, set(moved)):
            continue
        needed = [path for path in (wish.policy, wish.log) if path and pods.under(path, mount["mountPath"])]
        if needed:
            continue
        if any(path.rstrip("/") == mount["mountPath"].rstrip("/") for path in moved.values()):
            must.append(at)
        elif any(pods.under(path, mount["mountPath"]) for path in moved.values()):
            may.append(at)
    return must, may


def _removed_mounts(old, before, kept, wish):
    must, may = stale(old, before, wish)
    mounts = before.get("volumeMounts") or []
    found = [f"mount lost: {mounts[at]}" for at in range(len(mounts)) if at not in kept and at not in must + may]
    return found + [f"mount of a path left behind: {mounts[at]}" for at in must if at in kept]


def _mounted_elsewhere(pod, index, volume):
    others = [c for at, c in enumerate(pods.containers(pod)) if at != index] + (pod["spec"].get("initContainers") or [])
    return any(mount["name"] == volume.get("name") for other in others for mount in other.get("volumeMounts") or [])


def _volumes(old, new, index, wish):
    found = []
    before, after = pods.containers(old)[index], pods.containers(new)[index]
    volumes = old["spec"].get("volumes") or []
    kept, added = _split(volumes, new["spec"].get("volumes"), found, "volume")
    after_mounts = {mount["name"]: mount for mount in after.get("volumeMounts") or []}
    old_mounted = [mount["name"] for mount in before.get("volumeMounts") or []]
    for at, volume in enumerate(volumes):
        used = volume.get("name") in after_mounts
        again = any(volume.get("name") == other.get("name") for other in added)
        if at not in kept and ((used and not again) or volume.get("name") not in old_mounted):
            found.append(f"volume lost: {volume}")
        if at in kept and not used and volume.get("name") in old_mounted and not _mounted_elsewhere(new, index, volume):
            found.append(f"volume left behind without its mount: {volume}")
    for volume in added:
        mount = after_mounts.get(volume.get("name"), {})
        path = mount.get("mountPath")
        base = "audit" if path == wish.policy else "audit-log"
        kind = "File" if path == wish.policy else "DirectoryOrCreate" if wish.directory else "FileOrCreate"
        if not re.fullmatch(base + r"(-[0-9]+)?", volume.get("name")):
            found.append(f"odd volume name {volume['name']}")
        if volume != {"name": volume.get("name"), "hostPath": {"path": path, "type": kind}}:
            found.append(f"volume {volume}, wanted {kind} of {path}")
    names = [volume.get("name") for volume in new["spec"].get("volumes") or []]
    if len(names) != len(set(names)):
        found.append(f"two volumes of one name: {names}")
    return found
