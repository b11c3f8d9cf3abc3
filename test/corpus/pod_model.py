"""Reads a decoded pod as the model needs it: the API server's container, its argument vector, its flags, its mounts."""

from collections import namedtuple

# One argument of the server: flag name (normalised, None for anything else), value, its list elements, how it was spelt.
Argument = namedtuple("Argument", "name value elements spelling")

STRING_FLAGS = {
    "audit-policy-file", "audit-log-path", "audit-log-format", "audit-log-version", "audit-log-mode",
    "audit-webhook-config-file", "audit-webhook-version", "audit-webhook-mode",
}
BARE_FLAGS = {
    "audit-log-compress", "audit-log-batch-throttle-enable", "audit-log-truncate-enabled",
    "audit-webhook-batch-throttle-enable", "audit-webhook-truncate-enabled",
}


def server_start(argv):
    """Index of the first argument of kube-apiserver itself in command + args; None where there is no such program."""
    for index, word in enumerate(argv):
        name = word.rsplit("/", 1)[-1]
        if name == "kube-apiserver":
            return index + 1
        if name == "hyperkube":
            following = argv[index + 1] if index + 1 < len(argv) else ""
            return index + 2 if following in ("apiserver", "kube-apiserver") else None
    return None


def containers(pod):
    return pod["spec"]["containers"]


def argv(container):
    return list(container.get("command") or []) + list(container.get("args") or [])


def server_container(pod):
    found = [index for index, container in enumerate(containers(pod)) if server_start(argv(container)) is not None]
    if len(found) != 1:
        raise ValueError(f"{len(found)} containers run kube-apiserver")
    return found[0]


def arguments(words):
    """The server's arguments; a flag that takes its value from the next element is one argument of two elements."""
    result = []
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            result += [Argument(None, None, (other,), other) for other in words[index:]]
            break
        if not word.startswith("--"):
            result.append(Argument(None, None, (word,), word))
            index += 1
            continue
        spelling, equals, value = word.partition("=")
        name = spelling[2:].replace("_", "-")
        if not equals and name.startswith("audit-") and name not in BARE_FLAGS and index + 1 < len(words):
            result.append(Argument(name, words[index + 1], (word, words[index + 1]), spelling))
            index += 2
            continue
        result.append(Argument(name, value if equals else None, (word,), spelling))
        index += 1
    return result


def last_value(args, name):
    values = [argument.value for argument in args if argument.name == name]
    return values[-1] if values else None


def under(path, directory):
    """Whether `path` is `directory` or lies below it; an unrendered `{{ … }}`, which YAML reads as a map, is neither."""
    if not isinstance(directory, str):
        return False
    directory = directory.rstrip("/") or "/"
    return path.rstrip("/") == directory or path.startswith(directory.rstrip("/") + "/")


def host_paths(pod):
    return {volume["name"]: (volume.get("hostPath") or {}).get("path") for volume in pod["spec"].get("volumes") or []
            if isinstance(volume, dict) and "name" in volume}


def effective_mount(pod, container, path):
    """The mount through which the container sees `path`, the deepest one; None without one."""
    above = [mount for mount in container.get("volumeMounts") or [] if under(path, mount["mountPath"])]
    return max(above, key=lambda mount: len(mount["mountPath"].rstrip("/")), default=None)


def reaches_host(pod, container, path, writable):
    """Whether the container sees the host's own `path` at the same path (and may write it)."""
    mount = effective_mount(pod, container, path)
    if mount is None or mount.get("subPath") or mount.get("subPathExpr"):
        return False
    host = host_paths(pod).get(mount["name"])
    if host is None or host.rstrip("/") != mount["mountPath"].rstrip("/"):
        return False
    return not (writable and mount.get("readOnly") is True)


def others_use(pod, container, mount, audit_names):
    """Whether anything but the audit flags `audit_names` may need `mount`, as far as the manifest tells."""
    for argument in arguments(argv(container)):
        if argument.name in audit_names:
            continue
        for word in argument.elements:
            for piece in word.replace("=", ",").split(","):
                if piece.startswith("/") and under(piece, mount["mountPath"]):
                    return True
    return False
