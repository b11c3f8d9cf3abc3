"""The real code: its processes, its recorded answers, and what of an answer must be equal."""

import json
import lzma
import os
import re
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("KAUDIT_SHARED", SOURCE.parent / "shared"))
POLICIES = Path(os.environ.get("KAUDIT_POLICIES", SOURCE / "testdata" / "policies"))  # selftest.py has its own
ADVERSARIAL = POLICIES / "adversarial"
ANSWERS = POLICIES / "answers.jsonl"
DECISIONS = POLICIES / "decisions.jsonl"
MODULES = Path(__file__).resolve().parent / "modules"

REQUEST_KEYS = ("user", "groups", "verb", "namespace", "apiGroup", "apiVersion", "resource", "subresource", "name",
                "path", "resourceRequest")


def minor(version):
    """ "v0.26.15" or "0.26.15" -> 26."""
    return int(version.lstrip("v").split(".")[1])


def pinned_versions():
    return sorted((entry.name for entry in MODULES.iterdir()), key=minor, reverse=True)


class Tool:
    """One process of go/ (build.sh), which is one version of the real code. Answers in the order of the questions."""

    def __init__(self, path, version):
        self.path = path
        self.version = version

    def ask(self, questions):
        """questions: dicts with file or data, requests, loads, as go/main.go says."""
        text = "".join(json.dumps(question) + "\n" for question in questions)
        completed = subprocess.run([self.path], input=text.encode(), stdout=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in completed.stdout.splitlines()]
        if len(answers) != len(questions):
            raise RuntimeError(f"{self.path}: {len(answers)} answers to {len(questions)} questions")
        return answers


def tools(folder, versions):
    return [Tool(Path(folder) / f"conformance-{version}", version) for version in versions]


# Exception 1: the name of the scheme is the place where the program was built.
SCHEME = re.compile(r' in scheme "[^"]*"')
# Errors whose words may be ours: JSON types, apiVersion and kind, YAML and JSON syntax. Only their verdict is compared.
# Everything else is ValidatePolicy's or "0 rules", and must be equal to the letter.
OWN_WORDS = ("failed decoding: ", "failed lenient decoding: ", "unknown group version field ")


def without_scheme(text):
    return SCHEME.sub("", text or "")


def text_must_be_equal(answer):
    return answer["verdict"] == "refused" and not answer["error"].startswith(OWN_WORDS)


# What the two sides must have in common beside verdict and decisions.
def difference(theirs, ours, version):
    """theirs: the real code's answer; ours: one of lint's results. Empty when they agree."""
    if theirs["verdict"] != ours["verdict"]:
        return f"verdict {ours['verdict']}, the real code says {theirs['verdict']}"
    if (ours["server_error"] is None) != (theirs["verdict"] == "accepted"):
        return f"verdict {ours['verdict']} with server_error {ours['server_error']!r}"
    if text_must_be_equal(theirs) and ours["server_error"] != theirs["error"]:
        return "another error text"
    if ours["server_warnings"] != theirs.get("warnings", []):
        return "other warnings"
    return ""


GO_FIELD = re.compile(r"into Go struct field [A-Za-z0-9]*\.([A-Za-z0-9.]+) of type ")
YAML_LINE = re.compile(r"yaml: line (\d+): ")
INDEX = re.compile(r"\[[^]]*\]")


def place(theirs, ours, version):
    """For errors in our own words: ("field"|"line", agrees), or nothing if the real text names no place.

    Counted and printed, not judged: the real code counts lines from 0 in some errors and names no index of a list.
    """
    findings = ours["findings"]
    if field := GO_FIELD.search(theirs["error"]):
        if minor(version) >= 23:  # json-iterator's texts name other fields
            paths = {INDEX.sub("", finding.get("path") or "") for finding in findings}
            return "field", field[1] in paths
    elif line := YAML_LINE.search(theirs["error"]):
        lines = {finding.get("line") for finding in findings}
        return "line", bool(lines & {int(line[1]), int(line[1]) + 1})
    return None


def recorded(path):
    """[(file, {version: answer})] of answers.jsonl, and of the shared verdicts, whose format is this one's parent."""
    result = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if "file" not in entry:
                continue  # the first line of answers.jsonl: what recorded them
            answers = {}
            for group in entry["answers"]:
                for version in group["versions"]:
                    answers[version.lstrip("v")] = in_our_format(group["answer"], entry["file"])
            result.append((entry["file"], answers))
    return result


def in_our_format(answer, file):
    verdict = {"ok": "accepted", "error": "refused"}.get(answer["verdict"], answer["verdict"])
    result = {"verdict": verdict}
    if "error" in answer:
        for tail in (f": from file {file}", f": from file {file.rpartition('/')[2]}"):
            if answer["error"].endswith(tail):
                answer = {**answer, "error": answer["error"][: -len(tail)]}
        result["error"] = answer["error"]
    warnings = [warning if isinstance(warning, str) else warning["text"] for warning in answer.get("warnings", [])]
    if warnings:
        result["warnings"] = warnings
    return result


def request(fields):
    """A request as `explain --requests` reads it, without what is empty. No user: unauthenticated; "" is a user."""
    result = {
        key: value for key, value in zip(REQUEST_KEYS, fields) if value is not None and (value or key == "user")
    }
    result["resourceRequest"] = bool(fields[-1])
    return result


def recorded_decisions():
    """[(name, policy bytes, requests, {version: [decision]})] of decisions.jsonl, whose lines hold a table of words.

    A decision is [rule or -1, level, [stages], managed fields omitted].
    """
    result = []
    with open(DECISIONS, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if "policy" not in entry and "file" not in entry:
                continue
            words = entry["words"]
            requests = []
            for row in entry["requests"]:
                user, groups, *texts, kind = row
                fields = [None if user is None else words[user], [words[group] for group in groups]]
                requests.append(request(fields + [words[text] for text in texts] + [kind]))
            answers = {}
            for group in entry["answers"]:
                decisions = [entry["decisions"][index] for index in group["decided"]]
                answers.update((version, decisions) for version in group["versions"])
            name = entry.get("file") or entry["id"]
            policy = (ADVERSARIAL / name).read_bytes() if "file" in entry else entry["policy"].encode()
            result.append((name, policy, requests, answers))
    return result


def shared_decisions():
    """The same of policy-cases/explain.jsonl.xz, which lumps versions before 1.23, that know no omitManagedFields, together
    with later ones: for those it is None, which compare.Comparison.decisions does not look at."""
    with lzma.open(SHARED / "policy-cases" / "explain.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            requests = []
            for theirs in entry["requests"]:
                user = theirs.get("user")
                fields = [user["name"], user["groups"]] if user else [None, None]
                fields += [theirs.get(key, "") for key in REQUEST_KEYS[2:-1]] + [theirs["isResourceRequest"]]
                requests.append(request(fields))
            answers = {}
            for group in entry["answers"]:
                if group["verdict"] != "ok":
                    continue
                for version in group["versions"]:
                    answers[version.lstrip("v")] = [
                        [one["rule"], one["level"], sorted(set(one["omitStages"]))]
                        + [one["omitManagedFields"] if minor(version) >= 23 else None]
                        for one in group["answers"]
                    ]
            yield entry["id"], entry["policy"].encode("utf-8", "surrogatepass"), requests, answers
