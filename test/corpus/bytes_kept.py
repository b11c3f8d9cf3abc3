"""Whether every byte of the old manifest outside replaced and removed spans still stands in the new one, in order."""

import subprocess

import go_yaml
import model
import pod_model as pods

# Positions come from libyaml's marks (line and column in characters), looked up in the text itself.


class Text:
    def __init__(self, content):
        self.bom = content.startswith(b"\xef\xbb\xbf")
        self.text = content.decode("utf-8-sig")
        self.starts = [0]
        for at, character in enumerate(self.text):
            if character == "\n":
                self.starts.append(at + 1)

    def offset(self, mark):
        return min(self.starts[mark.line] + mark.column, len(self.text)) if mark.line < len(self.starts) else len(self.text)

    def line_start(self, offset):
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset):
        at = self.text.find("\n", offset)
        return len(self.text) if at < 0 else at + 1


def _get(mapping, key):
    for key_node, value_node in getattr(mapping, "value", []) if mapping is not None else []:
        if getattr(key_node, "value", None) == key:
            return value_node
    return None


def _items(node):
    return node.value if node is not None and isinstance(node.value, list) else []


def replaced_spans(content, wish):
    """The spans of the old text that the wish may take away or replace, as (begin, end) in characters."""
    text, root = Text(content), go_yaml.compose(content)
    tree = go_yaml.decode(content)
    index = pods.server_container(tree)
    spec = _get(root, "spec")
    container = _items(_get(spec, "containers"))[index]
    spans = [_empty_list(text, _get(container, "volumeMounts")), _empty_list(text, _get(spec, "volumes")),
             _empty_list(text, _get(_get(root, "metadata"), "annotations"))]
    spans += _flag_spans(text, container, tree, index, wish)
    must, may = model.stale(tree, pods.containers(tree)[index], wish)
    mounts = _items(_get(container, "volumeMounts"))
    gone = {pods.containers(tree)[index]["volumeMounts"][at]["name"] for at in must + may}
    spans += [_item_span(text, mounts[at]) for at in must + may]
    volumes = _items(_get(spec, "volumes"))
    spans += [_item_span(text, node) for node in volumes if getattr(_get(node, "name"), "value", None) in gone]
    return text, sorted(span for span in spans if span is not None)


def _flag_spans(text, container, tree, index, wish):
    spans = []
    values = wish.values()
    for name in ("command", "args"):
        nodes = _items(_get(container, name))
        words = pods.containers(tree)[index].get(name) or []
        for at, word in enumerate(words):
            flag = word.partition("=")[0].lstrip("-").replace("_", "-")
            if flag in values and nodes:
                spans.append(_item_span(text, nodes[at]))
                if "=" not in word and at + 1 < len(nodes):
                    spans.append(_item_span(text, nodes[at + 1]))
    return spans


def _item_span(text, node):
    """A list item: from its `-` or the comma before it to the end of its last line's content."""
    begin, end = text.offset(node.start_mark), text.offset(node.end_mark)
    trimmed = len(text.text[begin:end].rstrip())
    line = text.line_start(begin)
    if text.text[line:begin].strip(" ") in ("", "-"):
        return line, text.line_end(begin + max(trimmed - 1, 0))
    return begin, begin + trimmed


def _empty_list(text, node):
    if node is None or (isinstance(node.value, (list, dict)) and node.value):
        return None
    begin, end = text.offset(node.start_mark), text.offset(node.end_mark)
    return begin, begin + len(text.text[begin:end].rstrip())


def is_subsequence(needle, hay):
    rest = iter(hay)
    return all(any(byte == other for other in rest) for byte in needle)


def problems(old, new, wish):
    """Empty when all bytes outside the spans are kept."""
    text, spans = replaced_spans(old, wish)
    kept, position = ["\ufeff"] if text.bom else [], 0
    for begin, end in spans:
        kept.append(text.text[position:max(begin, position)])
        position = max(end, position)
    kept.append(text.text[position:])
    if not is_subsequence("".join(kept).encode(), new):
        return ["bytes outside the replaced spans are gone"]
    final = (old.endswith(b"\n"), new.endswith(b"\n"))
    return [] if final[0] == final[1] else ["the final newline came or went"]


def diff_problems(old, new, diff, wish, name, scratch):
    """The printed diff gives the new bytes when `patch` applies it, and takes away only lines it may."""
    target = scratch / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(old)
    done = subprocess.run(["patch", "-p1", "--no-backup-if-mismatch"], cwd=scratch, input=diff, capture_output=True, check=False)
    if done.returncode != 0:
        return [f"patch: {(done.stdout + done.stderr).decode()}"]
    if target.read_bytes() != new:
        return ["patch made other bytes than enable wrote"]
    text, spans = replaced_spans(old, wish)
    found = []
    for removed, added, offset in _runs(diff, old, name):
        if any(begin < offset + len(removed) and offset < end + 1 for begin, end in spans):
            continue
        if removed and not is_subsequence(removed.rstrip("\n").encode(), added.encode()):
            found.append(f"the diff takes away {removed!r}")
    return found


def _runs(diff, old, name):
    """(removed text, added text, offset in the old text in characters) of every run of changed lines of one file."""
    lines = old.decode("utf-8-sig").splitlines(keepends=True)
    starts, total = [], 0
    for line in lines:
        starts.append(total)
        total += len(line)
    number, removed, added, inside, left = 0, [], [], False, [0, 0]
    for raw in diff.decode("utf-8-sig").split("\n"):
        if left == [0, 0] and raw.startswith("+++ "):
            inside = raw.startswith(f"+++ b/{name}")
            continue
        if raw.startswith("@@") and left == [0, 0]:
            old_range, new_range = (part.split(",") for part in (raw.split()[1][1:], raw.split()[2][1:]))
            left = [int(old_range[1]) if len(old_range) > 1 else 1, int(new_range[1]) if len(new_range) > 1 else 1]
            number = int(old_range[0]) - (1 if left[0] else 0)
            continue
        if left == [0, 0] or raw[:1] not in ("-", "+", " "):
            continue
        left[0] -= raw[:1] in "- "
        left[1] -= raw[:1] in "+ "
        if raw[:1] == "-" and inside:
            removed.append((number, raw[1:]))
        if raw[:1] == "+" and inside:
            added.append(raw[1:])
        number += raw[:1] in "- "
        if raw[:1] == " " or left == [0, 0]:
            if removed:
                yield "\n".join(text for _, text in removed), "\n".join(added), starts[removed[0][0]]
            removed, added = [], []
