"""Manifests of any size, in many layouts: what the benchmark feeds to the programs.

Every one is the sample of testdata/demo, which is kubeadm's, with more of something in it. A layout is a function from
the wanted size in bytes to the manifest's bytes; the result is of about that size, never larger.
"""

import json
from pathlib import Path

BASE = (Path(__file__).resolve().parents[2]
        / "testdata/demo/node/etc/kubernetes/manifests/kube-apiserver.yaml").read_text()
MIB = 1 << 20
LEVELS = 190
ANNOTATIONS_LIMIT = 256 << 10  # of all of an object's annotations, names included (apimachinery, TotalAnnotationSizeLimitB)


def base_with(annotations="", labels="", flags="", env="", mounts="", spec="", top=""):
    """The sample with text put into it, at the end of the named part."""
    text = BASE
    for anchor, more in (("  labels:\n", annotations), ("  name: kube-apiserver\n", labels), ("    image: ", flags)):
        text = text.replace(anchor, more + anchor, 1)
    if env:
        text = text.replace("    image: ", "    env:\n" + env + "    image: ", 1)
    text = text.replace("  hostNetwork: true\n", mounts + "  hostNetwork: true\n", 1)
    return text.replace("status: {}\n", spec + "status: {}\n" + top)


def repeated(line, room):
    """line(0) + line(1) + … as long as there is room."""
    lines = []
    while True:
        text = line(len(lines))
        room -= len(text)
        if room < 0:
            return "".join(lines)
        lines.append(text)


def grown(size, line, **where):
    """The sample with as many lines as fit put in one place of it."""
    (place, lead), = where.items()
    room = size - len(base_with(**{place: lead + line(0)})) + len(line(0))
    return base_with(**{place: lead + repeated(line, room)}).encode()


# What a real manifest grows by; a line or a few for the i-th thing of its kind.

def flag(i):
    return (f"    - --tls-sni-cert-key=/etc/kubernetes/pki/sni/host-{i:06}.crt,/etc/kubernetes/pki/sni/host-{i:06}.key"
            f":host-{i:06}.example.org\n")


def variable(i):
    return f'    - name: SETTING_{i:06}\n      value: "the value of number {i}"\n'


def alias(i):
    return f"  - ip: 198.51.100.{i % 250}\n    hostnames:\n    - host-{i:06}.example.org\n"


def annotation(i):
    return f"    example.org/note-{i:06}: what somebody wanted to remember, number {i}\n"


def comment(i):
    return f"    # What somebody wanted to remember about this flag, number {i}.\n"


def mixed(size):
    """A kubeadm manifest that has grown: flags with comments, variables, host aliases, annotations as far as allowed."""
    room = size - len(BASE) - len("    env:\n  hostAliases:\n")
    if room < 0:
        return BASE.encode()
    fifth = room // 5
    text = base_with(annotations=repeated(annotation, min(fifth, ANNOTATIONS_LIMIT // 2)),
                     flags=repeated(lambda i: comment(i) + flag(i), 2 * fifth),
                     env=repeated(variable, fifth),
                     spec="  hostAliases:\n" + repeated(alias, fifth) if fifth > len(alias(0)) else "")
    return padded(text, size)


def padded(text, size):
    """Exactly `size` bytes: the rest is a last comment."""
    missing = size - len(text.encode())
    return (text + ("#" + "." * (missing - 2) + "\n" if missing >= 2 else "")).encode()


# The layouts.

def deep_block(size):
    def nest(i):
        return f"x-{i}:\n" + "".join("  " * level + "a:\n" for level in range(1, LEVELS)) + "  " * LEVELS + "a: 1\n"
    return grown(size, nest, top="")


def deep_flow(size):
    def nest(i):
        return f"x-{i}: " + "".join(f"[in level {level}, " for level in range(LEVELS)) + "1" + "]" * LEVELS + "\n"
    return grown(size, nest, top="")


def list_items(size):
    return grown(size, lambda i: f"    - host-{i:06}.example.org\n",
                 spec="  hostAliases:\n  - ip: 198.51.100.1\n    hostnames:\n")


def flags(size):
    return grown(size, flag, flags="")


def variables(size):
    return grown(size, variable, env="")


def mounts(size):
    """Every other list that must not hold a name twice: volumes and mounts, the two that the program adds to."""
    def mount(i):
        return f"    - mountPath: /mnt/{i:06}\n      name: volume-{i:06}\n"

    def volume(i):
        return f"  - emptyDir: {{}}\n    name: volume-{i:06}\n"
    count = (size - len(BASE)) // (len(mount(0)) + len(volume(0)))
    return base_with(mounts="".join(map(mount, range(count))), spec="".join(map(volume, range(count)))).encode()


def annotations(size):
    return grown(size, annotation, annotations="")


def labels(size):
    return grown(size, lambda i: f"    example.org/label-{i:06}: value-{i}\n", labels="")


def comments(size):
    return grown(size, comment, flags="")


def blank_lines(size):
    return grown(size, lambda i: "\n", flags="")


def block_scalar(size):
    return grown(size, lambda i: f"        line {i} of one long text: with # all \"sorts\" of 'characters'\n",
                 env="    - name: TEXT\n      value: |\n")


def plain_scalar(size):
    return grown(size, lambda i: f"        words of one long plain text number {i}\n",
                 env="    - name: TEXT\n      value:\n")


def quoted_scalar(size):
    lead, end = '    - name: TEXT\n      value: "', '"\n'
    room = size - len(base_with(env=lead + end))
    return base_with(env=lead + repeated(lambda i: f"a line\\n and a \\u00e4 \\\"{i}\\\"; ", room) + end).encode()


def crlf(size):
    text = mixed(size * 30 // 31 - 100).decode().replace("\n", "\r\n")
    return text.encode()


def flow_maps(size):
    return grown(size, lambda i: f"    - {{name: SETTING_{i:06}, value: 'the value of number {i}'}}\n", env="")


def one_flow_list(size):
    lead, end = "x: [", "]\n"
    room = size - len(base_with(top=lead + end))
    return base_with(top=lead + repeated(lambda i: f"{{name: member-{i:06}, value: [{i}, the second]}}, ", room) + end).encode()


def json_pod(size, **style):
    pod = {"apiVersion": "v1", "kind": "Pod",
           "metadata": {"name": "kube-apiserver", "namespace": "kube-system", "labels": {"component": "kube-apiserver"}},
           "spec": {"hostNetwork": True, "containers": [{
               "name": "kube-apiserver", "image": "registry.k8s.io/kube-apiserver:v1.30.2",
               "command": ["kube-apiserver", "--secure-port=6443", "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt"],
               "env": [],
               "volumeMounts": [{"name": "pki", "mountPath": "/etc/kubernetes/pki", "readOnly": True}]}],
               "volumes": [{"name": "pki", "hostPath": {"path": "/etc/kubernetes/pki", "type": "Directory"}}]}}
    variables_of = pod["spec"]["containers"][0]["env"]

    def variable_of(i):
        return {"name": f"SETTING_{i:06}", "value": f"the value of \"number\" {i}"}
    room = size - len(json.dumps(pod, **style))
    variables_of += [variable_of(1), variable_of(2)]
    both = len(json.dumps(pod, **style))
    variables_of.append(variable_of(999999))
    each = len(json.dumps(pod, **style)) - both
    variables_of[:] = map(variable_of, range(max(1, room // each)))
    return json.dumps(pod, **style).encode()


def one_line_json(size):
    return json_pod(size)


def indented_json(size):
    return json_pod(size, indent=2)


# Name, layout, largest size.
FULL = 99 * MIB // 10
LAYOUTS = [
    ("grown kubeadm manifest", mixed, FULL),
    ("the same with CRLF", crlf, FULL),
    (f"block maps nested {LEVELS} deep", deep_block, FULL),
    (f"flow lists nested {LEVELS} deep", deep_flow, FULL),
    ("one list of strings", list_items, FULL),
    ("flags", flags, FULL),
    ("variables (a list of maps)", variables, FULL),
    ("volumes and mounts", mounts, FULL),
    ("labels", labels, FULL),
    ("annotations (limit 256 KiB)", annotations, ANNOTATIONS_LIMIT * 9 // 10),
    ("comments", comments, FULL),
    ("empty lines", blank_lines, FULL),
    ("one block scalar", block_scalar, FULL),
    ("one plain scalar of many lines", plain_scalar, FULL),
    ("one quoted scalar on one line", quoted_scalar, FULL),
    ("flow maps in a list", flow_maps, FULL),
    ("one flow list on one line", one_flow_list, FULL),
    ("JSON on one line", one_line_json, FULL),
    ("JSON, indented", indented_json, FULL),
]
