#!/usr/bin/env python3
"""record.py FOLDER: asks the real code, as build.sh has built it in FOLDER, about testdata/policies/adversarial, and writes
testdata/policies/answers.jsonl and decisions.jsonl. All versions of modules/ are needed:

    test/conformance/build.sh ~/.cache/kaudit-conformance && test/conformance/record.py ~/.cache/kaudit-conformance
"""

import base64
import json
import random
import subprocess
import sys

import generate
import reference

SEED = 4
GENERATED = 20
REQUESTS = 300
REQUESTS_A_FILE = 12


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tools = reference.tools(sys.argv[1], reference.pinned_versions())
    go = subprocess.run(["go", "version", str(tools[0].path)], capture_output=True, text=True, check=True).stdout.split()[-1]
    about = {"recorded_from": [f"k8s.io/apiserver v{tool.version}" for tool in tools], "with": go}
    names = sorted(path.name for path in reference.ADVERSARIAL.iterdir())
    answers = record_answers(tools, names, about)
    accepted = [name for name in names if any(one[name]["verdict"] == "accepted" for one in answers)]
    record_decisions(tools, accepted, about)


def record_answers(tools, names, about):
    questions = [{"file": str(reference.ADVERSARIAL / name), "loads": 8} for name in names]
    answers = [dict(zip(names, tool.ask(questions))) for tool in tools]
    with open(reference.ANSWERS, "w", encoding="utf-8") as out:
        print(json.dumps(about), file=out)
        for name in names:
            told = [one[name] for one in answers]
            if any("others" in one for one in told):
                sys.exit(f"{name}: the real code answers at random; it cannot be recorded")
            for one in told:
                if "error" in one:
                    one["error"] = reference.without_scheme(one["error"])
            entry = {"file": name, "answers": grouped(tools, told, "answer")}
            print(json.dumps(entry), file=out)
    print(f"{reference.ANSWERS}: {len(names)} files, {reference.ANSWERS.stat().st_size} bytes")
    return answers


def grouped(tools, told, key):
    """Versions that answer alike share an entry."""
    groups = {}
    for tool, one in zip(tools, told):
        groups.setdefault(json.dumps(one), []).append(tool.version)
    return [{"versions": versions, key: json.loads(one)} for one, versions in groups.items()]


def record_decisions(tools, accepted, about):
    chance = random.Random(SEED)
    jobs = []
    for i in range(GENERATED):
        content = generate.policy(chance, 0, chance.choice([2, 4, 6, 8, 10]))
        jobs.append(({"id": f"generated-{i:02d}", "policy": content.decode()}, content, REQUESTS))
    for name in accepted:
        content = (reference.ADVERSARIAL / name).read_bytes()
        jobs.append(({"file": name}, content, REQUESTS if name.startswith("good-") else REQUESTS_A_FILE))
    count = 0
    with open(reference.DECISIONS, "w", encoding="utf-8") as out:
        print(json.dumps(about), file=out)
        for entry, content, number in jobs:
            policy = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "ignore").encode()
            requests = generate.requests(chance, policy, number)
            entry.update(packed_requests(requests))
            entry.update(ask(tools, content, requests, entry))
            count += len(requests)
            print(json.dumps(entry, separators=(",", ":")), file=out)
    print(f"{reference.DECISIONS}: {len(jobs)} policies, {count} requests, {reference.DECISIONS.stat().st_size} bytes")


def packed_requests(requests):
    words = {}

    def number(word):
        return words.setdefault(word, len(words))

    rows = []
    for request in requests:
        user = request.get("user")
        row = [None if user is None else number(user), [number(group) for group in request.get("groups", [])]]
        row += [number(request.get(key, "")) for key in reference.REQUEST_KEYS[2:-1]]
        rows.append(row + [int(request["resourceRequest"])])
    return {"words": list(words), "requests": rows}


def ask(tools, content, requests, entry):
    question = {"data": base64.b64encode(content).decode(), "requests": requests, "loads": 8}
    table = {}
    groups = {}
    for tool in tools:
        (answer,) = tool.ask([question])
        if "others" in answer:
            sys.exit(f"{entry.get('file') or entry['id']}: the real code answers at random; it cannot be recorded")
        if answer["verdict"] == "accepted":
            decided = [table.setdefault(json.dumps(one), len(table)) for one in answer["decisions"]]
            groups.setdefault(json.dumps(decided), []).append(tool.version)
    answers = [{"versions": versions, "decided": json.loads(decided)} for decided, versions in groups.items()]
    return {"decisions": [json.loads(one) for one in table], "answers": answers}


if __name__ == "__main__":
    main()
