#!/usr/bin/env python3
"""adversarial.py [FOLDER]: writes testdata/policies/adversarial/.

One policy a case, each made to be hard to read in one way (the folder's files are what is tested; this table is how
they came to be). After a change: run this, then record.py.
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "testdata" / "policies" / "adversarial"
HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\n"
META = HEAD + "rules:\n- level: Metadata\n"
JSON_HEAD = '{"apiVersion":"audit.k8s.io/v1","kind":"Policy",'

CASES = {}


def case(name, content, ending="yaml"):
    name = f"{name}.{ending}"
    assert name not in CASES, name
    CASES[name] = content if isinstance(content, bytes) else content.encode()


def rule(name, *lines):
    """A policy whose one rule has these lines besides its level."""
    case(name, META + "".join(f"  {line}\n" for line in lines))


def jason(name, rest):
    case(name, JSON_HEAD + rest, "json")


def header(name, text):
    case(name, text + "rules:\n- level: Request\n")


def types():
    values = {
        "number": "7", "float": "1.5", "bool": "true", "text": "get", "list": "[get]", "map": "{get: list}",
        "null": "null", "empty": "", "nested-list": "[[get]]", "list-of-number": "[get, 7]", "list-of-bool": "[on]",
        "list-of-null": "[~]", "list-of-map": "[{get: list}]",
    }
    for value in ("number", "bool", "text", "map", "null", "empty", "list-of-number", "list-of-bool", "list-of-null",
                  "nested-list"):
        rule(f"type-verbs-{value}", f"verbs: {values[value]}")
    for value in ("number", "list", "map", "null", "list-of-map"):
        rule(f"type-userGroups-{value}", f"userGroups: {values[value]}")
    for value in ("text", "list", "map", "number", "list-of-null", "null"):
        rule(f"type-resources-{value}", f"resources: {values[value]}")
    for field in ("group", "resources", "resourceNames"):
        for value in ("number", "bool", "map"):
            rule(f"type-entry-{field}-{value}", f"resources: [{{{field}: {values[value]}}}]")
    for value in ("number", "bool", "list", "map", "null", "empty"):
        case(f"type-level-{value}", HEAD + f"rules:\n- level: {values[value]}\n  verbs: [get]\n")
    for value in ("number", "text", "map", "null", "list-of-number", "list-of-null", "nested-list"):
        case(f"type-rules-{value}", HEAD + f"rules: {values[value]}\n")
    for value in ("text", "number", "list-of-bool", "list-of-null"):
        case(f"type-omitStages-{value}", META + f"omitStages: {values[value]}\n")
    for value in ("text", "number", "float", "list", "null"):
        case(f"type-omitManagedFields-{value}", META + f"omitManagedFields: {values[value]}\n")
        rule(f"type-rule-omitManagedFields-{value}", f"omitManagedFields: {values[value]}")
    rule("type-two-errors-one-rule", "users: 1", "verbs: 2")
    case("type-error-beats-validation", HEAD + "rules:\n- level: nope\n- level: Metadata\n  verbs: {}\n")
    case("type-error-in-third-rule", META + "- level: None\n- level: Request\n  resources:\n  - group: ''\n    resources: [1]\n")
    case("type-error-and-unknown-field", META + "  colour: red\n  verbs: [1]\n")


def scalars():
    for name, text in {
        "octal": "0755", "hex": "0x1F", "binary": "0b11", "underscore": "1_000", "sexagesimal": "1:30",
        "date": "2020-01-01", "plus": "+1", "exponent": "1e3", "y": "y", "Off": "Off", "inf": "-.inf", "nan": ".NaN",
        "tilde": "~", "quoted-yes": "'yes'", "quoted-number": '"7"', "str-tag-number": "!!str 7", "binary-tag": "!!binary Z2V0",
        "bad-binary": "!!binary '&'", "int-tag-text": "!!int get", "custom-tag": "!verb get", "version": "1.2.3",
        "equals": "=", "leading-zero": "08", "big": "123456789012345678901234567890", "dot": ".", "minus": "-",
    }.items():
        rule(f"scalar-{name}", f"namespaces: [default, {text}]")
    rule("scalar-block-literal", "verbs:", "- |-", "  get", "- >", "  list", "  watch")
    rule("scalar-block-keep", "users:", "- |+", "  a", "", "- b")
    rule("scalar-plain-over-lines", "users: [system:", "    apiserver]")
    rule("scalar-double-quoted-escapes", 'users: ["a\\tb\\x41\\u00e9\\N\\_\\L\\P\\e\\0\\"\\\\"]')
    rule("scalar-double-quoted-bad-escape", 'users: ["a\\qb"]')
    rule("scalar-double-quoted-fold", 'users: ["a', "", "   b \\", '   c"]')
    rule("scalar-single-quoted-doubled", "users: ['it''s']")
    rule("scalar-hash-inside", "users: [a#b, c #d", "  ]")
    rule("scalar-colon-inside", "users: [system:node:a, 'a: b', a::b]")
    rule("scalar-star-plain", "verbs: [*]")
    rule("scalar-star-url-plain", "nonResourceURLs: [/api*, *]")
    rule("scalar-percent", "users: [%a]")
    rule("scalar-at", "users: [@a]")
    rule("scalar-template", "users: [{{ user }}]")
    case("scalar-level-with-space", HEAD + "rules:\n- level: Metadata Request\n")
    case("scalar-level-with-comment", HEAD + "rules:\n- level: Metadata#not a comment\n")
    case("scalar-level-tagged", HEAD + "rules:\n- level: !!str Metadata\n")


def keys():
    case("dup-level", HEAD + "rules:\n- level: None\n  level: Metadata\n")
    case("dup-rules", META + "rules:\n- level: None\n")
    case("dup-kind", "apiVersion: audit.k8s.io/v1\nkind: Event\nkind: Policy\nrules: [{level: None}]\n")
    case("dup-apiVersion-other-type", "apiVersion: 1\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n")
    rule("dup-verbs-first-wrong-type", "verbs: 7", "verbs: [get]")
    rule("dup-verbs-last-wrong-type", "verbs: [get]", "verbs: 7")
    rule("dup-three-times", "verbs: [get]", "verbs: [list]", "verbs: [watch]")
    rule("dup-flow-one-line", "resources: [{group: a, group: b, resources: [x]}, {group: c, group: d}]")
    rule("dup-in-unknown-subtree", "extra: {a: 1, a: 2, b: {c: 1, c: 2}}")
    rule("dup-multiline-value", "users: [a]", "users:", "- b", "- c")
    rule("dup-quoted-and-plain", "verbs: [get]", "'verbs': [list]", '"verbs": [watch]')
    rule("dup-and-unknown", "verbs: [get]", "verb: [get]", "verbs: [list]", "user: [a]")
    rule("dup-unknown-key", "verb: [get]", "verb: [list]")
    case("dup-and-refused", META + "- level: Nope\n  level: Nopeno\n")
    case("case-Rules", HEAD + "Rules:\n- level: Metadata\n")
    case("case-Level", HEAD + "rules:\n- Level: Metadata\n")
    rule("case-both", "Verbs: [list]", "verbs: [get]")
    rule("case-nonResourceUrls", "nonResourceUrls: ['/healthz*']")
    case("case-Kind-ApiVersion", "ApiVersion: audit.k8s.io/v1\nKind: Policy\nrules: [{level: None}]\n")
    case("case-kind-and-Kind", "apiVersion: audit.k8s.io/v1\nkind: Policy\nKind: Event\nrules: [{level: None}]\n")
    case("case-long-s", "apiVer\u017fion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n")
    rule("unknown-verb", "verb: [get]")
    rule("unknown-in-entry", "resources: [{group: apps, version: v1, resources: [deployments], names: [a]}]")
    case("unknown-top", META + "spec: {a: 1}\nmaxAge: 30\n")
    rule("unknown-keys-by-type", "1: a", "1.5: b", "true: c", "0x10: d", "1e3: e", "2020-01-01: f")
    rule("unknown-key-null", "~: a")
    rule("unknown-key-empty", "'': a")
    rule("unknown-key-list", "[a]: b")
    rule("unknown-key-map", "{a: b}: c")
    rule("unknown-key-infinite", ".inf: a")
    rule("unknown-value-infinite", "a: [.inf]")
    rule("unknown-key-with-dot", "a.b: c", "'a[0]': d")
    rule("unknown-key-quoting", "\"a\\\"b\\\\c\": d", '"tab\\tkey": e', '"\\x7f": f', '"\\u00e9\\u200b": g', "'<&>': h", '"\\U0001F600": i')
    case("unknown-101", META + "".join(f"field{i:03d}: 1\n" for i in range(101)))
    case("unknown-130-in-rules", HEAD + "rules:\n" + "".join(f"- level: None\n  verb{i}: [get]\n" for i in range(130)))
    case("unknown-same-130-times", HEAD + "rules:\n- level: None\n  resources:\n" + "".join("  - {nam: [a]}\n" for _ in range(130)))
    case("unknown-and-120-duplicates", META + "".join(f"  verbs: [v{i}]\n" for i in range(120)) + "  verb: [a]\n")
    rule("unknown-sorted-order", "zeta: 1", "alpha: 1", "Beta: 1", "_x: 1", "\u00e9: 1")
    case("unknown-before-refusal", HEAD + "colour: red\nrules:\n- level: metadata\n  verb: [get]\n")


def anchors():
    case("anchor-list", HEAD + "rules:\n- level: None\n  verbs: &v [get, list]\n- level: Metadata\n  verbs: *v\n")
    case("anchor-rule", HEAD + "rules:\n- &r\n  level: None\n  users: [a]\n- *r\n")
    case("anchor-in-unknown", HEAD + "x-verbs: &v [get]\nrules:\n- level: None\n  verbs: *v\n")
    case("anchor-undefined", META + "  verbs: *nope\n")
    case("anchor-redefined", HEAD + "rules:\n- {level: None, verbs: &v [get]}\n- {level: None, verbs: &v [list]}\n- {level: Metadata, verbs: *v}\n")
    case("anchor-self", META + "  verbs: &v [*v]\n")
    case("anchor-on-null", META + "  verbs: &v\n  users: *v\n")
    case("anchor-as-key", HEAD + "rules:\n- &l level: None\n- *l : Metadata\n")
    case("merge-before", HEAD + "x: &b {level: None, verbs: [get]}\nrules:\n- <<: *b\n  level: Metadata\n")
    case("merge-after", HEAD + "x: &b {level: None, verbs: [get]}\nrules:\n- level: Metadata\n  <<: *b\n")
    case("merge-list", HEAD + "x: &a {level: None}\ny: &b {level: Request, users: [b]}\nrules:\n- <<: [*a, *b]\n")
    case("merge-null", META + "  <<: null\n")
    case("merge-scalar", META + "  <<: hello\n")
    case("merge-quoted", META + "  '<<': {users: [a]}\n")
    case("merge-twice", HEAD + "rules:\n- <<: {level: None}\n  <<: {users: [a]}\n")
    case("merge-nested", HEAD + "x: &a {level: None}\ny: &b {<<: *a, users: [b]}\nrules:\n- <<: *b\n  verbs: [get]\n")
    case("merge-overwrites-alias-repeats", HEAD + "rules:\n- &r {level: None, <<: {level: Request}}\n- *r\n")
    case("merge-top", "x: &h {apiVersion: audit.k8s.io/v1, kind: Policy}\n<<: *h\nrules: [{level: None}]\n")
    case("merge-list-with-scalar", META + "  <<: [{users: [a]}, 1]\n")
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 8))
    case("anchor-bomb", HEAD + "l0: &l0 [a, a, a, a, a, a, a, a, a]\n" + levels + "rules: [{level: None}]\n")
    case("anchor-many-but-fine", HEAD + "rules:\n- {level: None, verbs: &v [get]}\n" + "- {level: None, verbs: *v}\n" * 90)


def whitespace():
    case("tab-indent", HEAD + "rules:\n- level: None\n\tverbs: [get]\n")
    case("tab-after-dash", HEAD + "rules:\n-\tlevel: None\n")
    case("tab-after-colon", HEAD + "rules:\n- level:\tNone\n  verbs:\t[get]\n")
    case("tab-in-flow", META + "  verbs: [\tget,\tlist\t]\n")
    case("tab-blank-line", HEAD + "rules:\n- level: None\n\t\n  verbs: [get]\n")
    case("tab-before-comment", META + "\t# a comment\n")
    case("tab-trailing", META.replace("\n", "\t\n"))
    case("tab-in-block-scalar", META + "  users:\n  - |\n   \ta\n")
    case("bom", b"\xef\xbb\xbf" + META.encode())
    case("bom-json", b"\xef\xbb\xbf" + b'{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None"}]}')
    case("bom-in-the-middle", META + "\ufeff  verbs: [get]\n")
    case("utf16le", b"\xff\xfe" + META.encode("utf-16-le"))
    case("utf16be", b"\xfe\xff" + META.encode("utf-16-be"))
    case("utf16-no-bom", META.encode("utf-16-le"))
    case("utf16-odd", b"\xff\xfe" + META.encode("utf-16-le") + b"\x20")
    case("utf16-astral", b"\xff\xfe" + (META + "  users: [\U0001F600]\n").encode("utf-16-le"))
    case("utf16-json", b"\xff\xfe" + (JSON_HEAD + '"rules":[{"level":"None"}]}').encode("utf-16-le"), "json")
    case("crlf", META.replace("\n", "\r\n"))
    case("cr-only", META.replace("\n", "\r"))
    case("nel-lines", META.replace("\n", "\u0085"))
    case("nbsp-indent", HEAD + "rules:\n- level: None\n\u00a0\u00a0verbs: [get]\n")
    case("nbsp-first", "\u00a0" + META)
    case("formfeed-first", "\f" + META)
    case("line-separator-in-scalar", META + "  users: [a\u2028b]\n")
    case("control-character", META + "  users: [a\x01b]\n")
    case("delete-character", META + "  users: [a\x7fb]\n")
    case("nul", META + "\x00")
    case("bad-utf8", META.encode() + b"  users: [\xff]\n")
    case("bad-utf8-comment", META.encode() + b"# \xc3\x28\n")
    case("surrogate-utf8", META.encode() + b"  users: [\xed\xa0\x80]\n")
    case("astral", META + "  users: [\U0001F600, \u00e9, e\u0301, \u200b]\n")
    case("noncharacter", META + "  users: [\ufffe]\n")
    case("no-newline-at-end", META.rstrip("\n"))
    case("indent-rules-one-space", HEAD + "rules:\n - level: None\n   verbs: [get]\n")
    case("indent-wrong", HEAD + "rules:\n- level: None\n   verbs: [get]\n")
    case("indent-short", HEAD + "rules:\n  - level: None\n verbs: [get]\n")
    case("indent-list-under-key", META + "  verbs:\n  - get\n  users:\n     - a\n     - b\n")
    case("indent-flow-close-at-zero", META + "  verbs: [\nget,\nlist\n]\n")
    case("indent-out-of-rules", META + "verbs: [get]\n")


def documents():
    case("doc-empty", "")
    case("doc-spaces", "  \n\n")
    case("doc-comment", "# only a comment\n")
    case("doc-null", "null\n")
    case("doc-list", "- apiVersion: audit.k8s.io/v1\n")
    case("doc-text", "audit.k8s.io/v1\n")
    case("doc-number", "42\n")
    case("doc-empty-map", "{}\n")
    case("doc-start-end", "---\n" + META + "...\n")
    case("doc-second-ignored", META + "---\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Nope}]\n")
    case("doc-first-empty", "---\n---\n" + META)
    case("doc-first-comment", "# licence\n---\n" + META)
    case("doc-second-broken", META + "---\n[[[\n")
    case("doc-second-nul", META + "---\n\x00\n")
    case("doc-second-nul-far", META + "---\n" + "# padding\n" * 60 + "\x00\n")
    case("doc-text-after-end", META + "...\n]]]\n")
    case("doc-directive-1-1", "%YAML 1.1\n---\n" + META)
    case("doc-directive-1-2", "%YAML 1.2\n---\n" + META)
    case("doc-directive-tag", "%TAG ! tag:yaml.org,2002:\n---\n" + HEAD + "rules:\n- level: !str None\n")
    case("doc-directive-unknown", "%AUDIT 1\n---\n" + META)
    case("doc-on-start-line", "--- {apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None}]}\n")
    case("doc-flow-yaml", "# yaml\n{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None, verbs: [get,]}]}\n")
    case("doc-list-kind", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: audit.k8s.io/v1\n  kind: Policy\n  rules: [{level: None}]\n")
    case("syntax-unclosed-flow", META + "  verbs: [get\n")
    case("syntax-unclosed-quote", META + "  verbs: ['get]\n")
    case("syntax-no-space-after-colon", HEAD + "rules:\n- level:Metadata\n")
    case("syntax-no-space-after-dash", HEAD + "rules:\n-level: Metadata\n")
    case("syntax-extra-colon", HEAD + "rules:\n- level: Metadata: Request\n")
    case("syntax-question-mark", HEAD + "? rules\n: - level: None\n")
    case("syntax-question-flow", META + "  verbs: [?get]\n")
    case("syntax-comma-comma", META + "  verbs: [get,,list]\n")
    case("syntax-text-after-quote", META + "  verbs: ['get'list]\n")
    case("syntax-key-too-long", META + "x" * 1030 + ": 1\n")


def nesting():
    case("deep-flow-300", META + "x: " + "[" * 300 + "]" * 300 + "\n")
    case("deep-block-150", META + "".join("  " * i + f"k{i}:\n" for i in range(150)))
    case("deep-flow-9990", META + "x: " + "[" * 9990 + "]" * 9990 + "\n")
    case("deep-flow-10010", META + "x: " + "[" * 10010 + "]" * 10010 + "\n")
    jason("deep-json-9000", '"rules":[{"level":"None"}],"x":' + "[" * 9000 + "]" * 9000 + "}")
    jason("deep-json-10001", '"rules":[{"level":"None"}],"x":' + "[" * 10001 + "]" * 10001 + "}")


def jsons():
    ok = '"rules":[{"level":"Metadata"}]}'
    jason("json-plain", ok)
    case("json-leading-space", " \n\t" + JSON_HEAD + ok, "json")
    case("json-leading-nbsp", "\u00a0" + JSON_HEAD + ok, "json")
    case("json-leading-vertical-tab", "\v" + JSON_HEAD + ok, "json")
    jason("json-trailing-text", ok + "x")
    jason("json-trailing-document", ok + "\n---\n{}")
    jason("json-trailing-comma", '"rules":[{"level":"Metadata"},]}')
    jason("json-comment", '/* no */ ' + ok)
    jason("json-hash-comment", ok[:-1] + "\n# no\n}")
    jason("json-unquoted-key", 'rules:[{"level":"Metadata"}]}')
    jason("json-single-quotes", "'rules':[{'level':'Metadata'}]}")
    jason("json-truncated", '"rules":[{"level":"Metadata"')
    jason("json-dup-rules-merge", '"rules":[{"level":"None","verbs":["get"]}],"rules":[{"level":"Metadata"}]}')
    jason("json-dup-rules-longer", '"rules":[{"level":"None","users":["a"]}],"rules":[{"verbs":["get"]},{"level":"Request"}]}')
    jason("json-dup-rules-shorter", '"rules":[{"level":"None"},{"level":"Request","verbs":["get"]}],"rules":[{"users":["a"]}]}')
    jason("json-dup-rules-null", '"rules":[{"level":"None"}],"rules":null}')
    jason("json-dup-rules-empty-then-more", '"rules":[{"level":"None","verbs":["a"]}],"rules":[],"rules":[{"users":["b"]}]}')
    jason("json-dup-level", '"rules":[{"level":"None","level":"Metadata"}]}')
    jason("json-dup-level-null", '"rules":[{"level":"None","level":null}]}')
    jason("json-dup-verbs", '"rules":[{"level":"None","verbs":["get","list"],"verbs":["watch"]}]}')
    jason("json-dup-verbs-null-item", '"rules":[{"level":"None","verbs":["get","list"],"verbs":[null,null]}]}')
    jason("json-dup-entry-merge", '"rules":[{"level":"None","resources":[{"group":"apps"}],"resources":[{"resources":["a"]}]}]}')
    jason("json-dup-labels-merge", '"metadata":{"labels":{"a":"b"}},"metadata":{"labels":{"c":"d"}},' + ok)
    jason("json-dup-wrong-type-first", '"rules":7,"rules":[{"level":"None"}]}')
    jason("json-dup-unknown", '"x":1,"x":2,"y":{"z":1,"z":2},' + ok)
    jason("json-dup-kind", '"kind":"Event",' + ok)
    jason("json-dup-Kind-last", '"Kind":"Event",' + ok)
    case("json-dup-Kind-first", '{"Kind":"Event","apiVersion":"audit.k8s.io/v1","kind":"Policy",' + ok, "json")
    jason("json-dup-managed-fields-pointer", '"rules":[{"level":"None","omitManagedFields":true,"omitManagedFields":null}]}')
    jason("json-wrong-case", '"rules":[{"Level":"None"}]}')
    jason("json-wrong-case-and-right", '"rules":[{"Level":"None","level":"Request"}]}')
    jason("json-lone-surrogate", '"rules":[{"level":"None","users":["\\ud800","a\\udc00b","\\ud83d\\ude00","\\ud83dx"]}]}')
    jason("json-lone-surrogate-level", '"rules":[{"level":"None\\ud800"}]}')
    jason("json-lone-surrogate-key", '"a\\ud800":1,"rules":[{"level":"None"}]}')
    case("json-bad-utf8", (JSON_HEAD + '"rules":[{"level":"None","users":["').encode() + b'\xff\xc3' + b'"]}]}', "json")
    case("json-bad-utf8-level", (JSON_HEAD + '"rules":[{"level":"No').encode() + b'\xff' + b'ne"}]}', "json")
    case("json-bad-utf8-unknown", (JSON_HEAD + '"k').encode() + b'\xff' + b'":1,"rules":[{"level":"None"}]}', "json")
    jason("json-escapes", '"rules":[{"level":"None","users":["\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\"\\\\"]}]}')
    jason("json-escaped-key", '"r\\u0075les":[{"l\\u0065vel":"None"}]}')
    jason("json-bad-escape", '"rules":[{"level":"N\\one"}]}')
    jason("json-short-unicode-escape", '"rules":[{"level":"\\u12"}]}')
    jason("json-control-character", '"rules":[{"level":"No\tne"}]}')
    jason("json-delete-character", '"rules":[{"level":"None","users":["\x7f"]}]}')
    for name, number in {"leading-zero": "01", "plus": "+1", "dot": "1.", "bare-dot": ".5", "hex": "0x1", "minus": "-",
                         "huge": "1e999", "exponent": "1e", "long": "1" * 400, "minus-zero": "-0"}.items():
        jason(f"json-number-{name}", f'"x":{number},' + ok)
    for name, number in {"float": "1.0", "exponent": "1e2", "big": "9223372036854775808", "text": '"1"', "good": "-3"}.items():
        jason(f"json-generation-{name}", f'"metadata":{{"generation":{number}}},' + ok)
        case(f"yaml-generation-{name}", META + f"metadata: {{generation: {number}}}\n")
    jason("json-literal-case", '"omitManagedFields":True,' + ok)
    jason("json-bool-number", '"omitManagedFields":1,' + ok)
    jason("json-unknown-101", "".join(f'"f{i}":1,' for i in range(101)) + ok)
    jason("json-unknown-order", '"z":1,"a":1,"M":1,' + ok)
    jason("json-validation", '"omitStages":["<b>"],"rules":[{"level":"<&>"},{"level":"None","nonResourceURLs":["a\\u2028*b"],"resources":[{"group":"A<B","resourceNames":["<x>","\\"q\\"","\\ud800"]}]}]}')


def metadata():
    for name, text in {
        "name-number": "name: 5", "name-map": "name: {a: b}", "namespace-bool": "namespace: yes", "uid-list": "uid: [a]",
        "labels-list": "labels: [a]", "labels-number-value": "labels: {a: 1}", "labels-null-value": "labels: {a: ~}",
        "labels-number-key": "labels: {1: a}", "annotations-bool-value": "annotations: {a: true}",
        "annotations-nested": "annotations: {a: {b: c}}", "generation-text": "generation: one",
        "generation-float": "generation: 1.5", "generation-whole-float": "generation: 2.0",
        "creationTimestamp-date": "creationTimestamp: 2020-01-01", "creationTimestamp-time": "creationTimestamp: 2020-01-01T00:00:00Z",
        "creationTimestamp-null": "creationTimestamp: null", "creationTimestamp-number": "creationTimestamp: 5",
        "creationTimestamp-empty": "creationTimestamp: ''", "creationTimestamp-fraction": "creationTimestamp: 2020-01-01T00:00:00.123456789+01:00",
        "creationTimestamp-month-13": "creationTimestamp: 2020-13-01T00:00:00Z", "creationTimestamp-leap": "creationTimestamp: 2021-02-29T00:00:00Z",
        "deletionTimestamp-map": "deletionTimestamp: {}", "grace-null": "deletionGracePeriodSeconds: ~",
        "grace-bool": "deletionGracePeriodSeconds: true", "finalizers-text": "finalizers: a", "finalizers-number": "finalizers: [1]",
        "owner-references-map": "ownerReferences: {}", "owner-reference-controller-text": "ownerReferences: [{controller: 'true'}]",
        "owner-reference-unknown": "ownerReferences: [{apiVersion: v1, owner: me}]", "managedFields-time": "managedFields: [{time: yesterday}]",
        "managedFields-v1": "managedFields: [{fieldsV1: {f:a: {}}, manager: m}]", "managedFields-v1-text": "managedFields: [{fieldsV1: text}]",
        "clusterName": "clusterName: c", "unknown": "colour: red", "wrong-case": "Name: a", "initializers": "initializers: {}",
        "selfLink": "selfLink: /a",
    }.items():
        case(f"meta-{name}", META + f"metadata:\n  {text}\n")
    for name, text in {"list": "[]", "text": "a", "null": "", "number": "0"}.items():
        case(f"meta-is-{name}", META + f"metadata: {text}\n")


def versions():
    for name, text in {
        "v1beta1": "audit.k8s.io/v1beta1", "v1alpha1": "audit.k8s.io/v1alpha1", "v2": "audit.k8s.io/v2", "v1-only": "v1",
        "group-only": "audit.k8s.io", "slash-end": "audit.k8s.io/", "slash-first": "/v1", "two-slashes": "audit.k8s.io/v1/x",
        "internal": "audit.k8s.io/__internal", "upper": "Audit.k8s.io/v1", "space": "'audit.k8s.io/v1 '", "empty": "''",
        "null": "null", "number": "1", "bool": "true", "list": "[audit.k8s.io/v1]", "slash": "/", "apps": "apps/v1",
        "quoting": "'a\"<b>/v1'",
    }.items():
        header(f"apiVersion-{name}", f"apiVersion: {text}\nkind: Policy\n")
    for name, text in {
        "lower": "policy", "Event": "Event", "EventList": "EventList", "PolicyList": "PolicyList", "unknown": "AuditPolicy",
        "empty": "''", "null": "~", "number": "1", "list": "[Policy]", "Status": "Status", "WatchEvent": "WatchEvent",
        "ListOptions": "ListOptions", "DeleteOptions": "DeleteOptions", "APIGroup": "APIGroup", "quoting": "'Pol\"icy<>'",
    }.items():
        header(f"kind-{name}", f"apiVersion: audit.k8s.io/v1\nkind: {text}\n")
    header("kind-missing", "apiVersion: audit.k8s.io/v1\n")
    header("apiVersion-missing", "kind: Policy\n")
    header("both-missing", "")
    header("kind-Event-apiVersion-missing", "kind: Event\n")
    header("kind-Pod-apiVersion-missing", "kind: Pod\n")
    header("kind-Status-v1", "apiVersion: v1\nkind: Status\n")
    header("kind-missing-v1beta1", "apiVersion: audit.k8s.io/v1beta1\n")
    header("kind-unknown-v1beta1", "apiVersion: audit.k8s.io/v1beta1\nkind: X\n")
    case("v1beta1-unknown-and-invalid", "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nverb: a\nrules: [{level: nope}]\n")
    case("v1beta1-type-error", "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: 1}]\n")
    case("both-missing-no-rules", "metadata: {name: a}\n")
    case("apiVersion-missing-unknown-only", "kind: Policy\nx: 1\n")


def validation():
    case("invalid-level", HEAD + "rules:\n- level: MetaData\n")
    case("invalid-level-none-lower", HEAD + "rules:\n- level: none\n- level: METADATA\n")
    case("invalid-level-quoting", HEAD + 'rules:\n- level: "a\\"b<c>&\\\\\\t\\x01\\u00e9\\u200b\\u2028\\x7f\\U0001F600"\n')
    case("invalid-level-missing", HEAD + "rules:\n- verbs: [get]\n- {}\n- level: ''\n")
    case("invalid-no-rules", HEAD)
    case("invalid-empty-rules", HEAD + "rules: []\n")
    case("invalid-no-rules-and-stage", HEAD + "omitStages: [x]\nrules: []\n")
    case("invalid-null-rule", HEAD + "rules: [null]\n")
    case("invalid-stage", META + "omitStages: [RequestReceived, requestReceived, '']\n")
    case("invalid-stage-quoting", META + 'omitStages: ["a\\"<b>\\n\\u00e9", "\\x7f\\ud7ff"]\n')
    rule("invalid-stage-in-rule", "omitStages: [Panic, panic, panic]")
    for name, url in {
        "no-slash": "healthz", "star-middle": "/a*b", "star-twice": "/a**", "star-slash": "*/", "no-slash-star-middle": "a*b",
        "empty": "''", "star": "'*'", "star-star": "'**'", "slash": "/", "unicode": "/\u00e9*", "quoting": '"x\\"<y>*\\n&"',
        "space": "' /healthz'", "null": "~",
    }.items():
        rule(f"invalid-url-{name}", f"nonResourceURLs: [{url}]")
    for name, group in {
        "slash": "apps/v1", "upper": "Apps", "underscore": "a_b", "dash-first": "-a", "dash-last": "a-", "dot-last": "a.",
        "dot-dot": "a..b", "unicode": "\u00e9", "digits": "'123'", "label-64": "a" * 64, "253": ".".join(["a" * 62] * 4) + "ab",
        "254": ".".join(["a" * 62] * 4) + "abc", "254-upper": "A" * 254, "star": "'*'", "star-suffix": "'*.io'", "stars": "'**'",
        "quoting": "'a\"<b>&'", "newline": '"a\\n"', "space": "' '", "core": "core", "dot": "'.'", "v1": "v1",
        "dot-segments": "a.b-c.0",
    }.items():
        rule(f"group-{name}", f"resources: [{{group: {group}, resources: [pods]}}]")
    rule("group-star-only", "resources: [{group: '*'}]")
    rule("group-star-names", "resources: [{group: '*', resources: ['*'], resourceNames: [a]}]")
    rule("names-without-resources", "resources: [{group: apps, resourceNames: [a]}]")
    rule("names-quoting", "resources:", "- group: ''", '  resourceNames: ["a\\"b", "<c>&", "\\u2028", "\\t\\x7f", "\\U0001F600", ""]')
    rule("names-many", f"resources: [{{resourceNames: {json.dumps([f'name-{i}' for i in range(40)])}}}]")
    rule("names-empty-list", "resources: [{resourceNames: []}]")
    rule("names-null-item", "resources: [{resourceNames: [null]}]")
    rule("mix-urls-resources", "nonResourceURLs: [/healthz*, '/a\"<b>']", "resources: [{group: ''}]")
    rule("mix-urls-namespaces", "nonResourceURLs: [/healthz]", "namespaces: [a]")
    rule("mix-urls-empty-namespaces", "nonResourceURLs: [/healthz]", "namespaces: []", "resources: []")
    rule("mix-urls-null-resource", "nonResourceURLs: [/healthz]", "resources: [null]")
    case("combined-all", HEAD + "omitStages: [bad, Panic]\nrules:\n- level: meta\n  nonResourceURLs: [a*b, /ok, '']\n  namespaces: [x]\n"
         "  resources: [{group: A/B, resourceNames: [name]}, {group: '*'}]\n  omitStages: [late]\n- verbs: [get]\n- level: Request\n"
         "  resources: [{group: ok}, {resourceNames: [a, b]}]\n")
    case("combined-two-rules", HEAD + "rules:\n- level: a\n- level: b\n")
    case("combined-same-twice", META + "  resources: [{group: A}, {group: A}, {group: B}, {group: A}]\n")
    case("combined-names-differ", META + "  resources: [{resourceNames: [a]}, {resourceNames: [b]}, {resourceNames: [a]}]\n")
    case("combined-url-and-stage", META + "  nonResourceURLs: [x*y, 'z*']\n  omitStages: [q]\n")
    case("combined-with-warning", HEAD + "verb: a\nrules:\n- level: x\n  level: why\n  nonResourceURLs: [a]\n  colour: red\n")
    case("combined-many", HEAD + "rules:\n" + "".join(f"- level: L{i}\n  nonResourceURLs: [u{i}]\n" for i in range(60)))
    case("combined-level-and-zero-names", HEAD + "rules:\n- resources: [{group: '*', resourceNames: ['<']}]\n")


def scanner():
    """What only yaml.v2's scanner reads so."""
    rule("colon-before-bracket", "userGroups: [system:]")
    rule("colon-before-comma", "userGroups: [system:, a]")
    rule("colon-before-brace", "colour: {a: b:}", "users: [x]")
    rule("colon-after-blank-before-bracket", "userGroups: [a :]")
    rule("colon-quoted-key-before-bracket", 'resources: [{"group":"apps","resources":[deployments]}]')
    case("colon-before-list", HEAD + "rules:\n- {level: Metadata, verbs:[get]}\n")
    case("colon-before-mapping", HEAD + "rules:\n- level: Metadata\n  resources: [{group:{}}]\n")
    rule("escape-apostrophe", 'users: ["o\\\'brien@example.com"]')
    rule("escape-apostrophe-key", '"us\\\'ers": [a]')
    rule("escape-two-backslashes-apostrophe", 'users: ["a\\\\\'b"]')
    rule("tag-comma", "verbs: [!!str, 1]")
    rule("tag-comma-int", "verbs: [!!int, get]")
    rule("tag-exclamation-comma", "verbs: [!, 1]")
    rule("tag-exclamation-number", "verbs: [! 1]")
    rule("tag-into-bracket", "verbs: [!foo]")
    rule("tag-into-bracket-then-bracket", "verbs: [!foo] ]")
    rule("tag-comma-no-blank", "verbs: [!!str,get]")
    rule("tag-verbatim-comma", "verbs: [!<tag:yaml.org,2002:str>, get]")
    rule("tag-nul", "verbs: [!a%00b get]")
    rule("tag-int-nul", "verbs: [!!int%00 1]")
    whole = "# c\n" + JSON_HEAD + '"rules":[{"level":"Metadata"}]}'
    for name, text in {
        "list": "[x]", "mapping": "{x}", "tag": "!t x", "quotes": '"a\nb"', "escape": '"\\/"', "bad-token": "[`]", "tag-comma": "!b,c d",
        "empty-list": "[], c: d}", "question": "[a?b]", "colon": "[a:]",
    }.items():
        case(f"behind-root-{name}", f"{whole}\n{text}\n")
    case("behind-root-same-line", f"{whole} [`]\n")
    case("behind-root-no-rules", "# c\n" + JSON_HEAD + '"rules"}[],"omitStages":[]}\n')
    case("bracket-key-root", "[]: a\n")
    case("bracket-key-first", HEAD + "rules:\n- []: a\n  level: Metadata\n")
    case("bom-twice", b"\xef\xbb\xbf" * 2 + META.encode())
    case("bom-twice-indented", b"\xef\xbb\xbf" * 2 + META.replace("\n", "\n ").encode())
    case("bom-at-block-end", (META + "  users: [" + "x" * 443).encode() + b"\xef\xbb\xbf" + b"]\n")
    case("version-after", META + "%YAML 1.001\n---\n")
    case("directives-many", "".join(f"%TAG !a{i}! b\n" for i in range(70)) + "---\n" + META)


def good():
    case("good-wide", HEAD + "omitStages: [RequestReceived]\nomitManagedFields: true\nrules:\n- level: None\n  users: [system:kube-proxy]\n"
         "  verbs: [watch]\n  resources: [{group: '', resources: [endpoints, services, services/status]}]\n- level: None\n"
         "  nonResourceURLs: ['/healthz*', /version, '/swagger*']\n- level: Request\n  omitManagedFields: false\n  resources:\n"
         "  - group: ''\n    resources: [configmaps, 'pods/*', '*/status']\n    resourceNames: [a, '']\n  namespaces: [kube-system, '']\n"
         "- level: Metadata\n  omitStages: [ResponseStarted, Panic, RequestReceived]\n  userGroups: [system:nodes]\n- level: RequestResponse\n"
         "  resources: [{group: apps}, {group: batch, resources: ['*']}]\n- level: Metadata\n")
    case("good-strange-names", META + "  users: ['*', '', ' ', \"\\x00\", 'a\"b']\n  verbs: ['*']\n  namespaces: ['*', 'kube-*']\n"
         "  resources: [{resources: ['*/*', 'pods/', '/log', 'pods/log/x', '', '*', '**', '*/']}]\n")
    case("good-urls", HEAD + "rules:\n- level: None\n  nonResourceURLs: ['*']\n  verbs: [get]\n- level: Metadata\n  nonResourceURLs: ['/*', '/']\n"
         "- level: Request\n")
    case("good-nulls", HEAD + "metadata: null\nomitStages: null\nomitManagedFields: null\nrules:\n- level: None\n  users: null\n  userGroups: null\n"
         "  verbs: null\n  namespaces: null\n  nonResourceURLs: null\n  resources: null\n  omitStages: null\n  omitManagedFields: null\n")
    case("good-json-in-yaml", "# json below\n" + JSON_HEAD + '"rules":[{"level":"None","users":["\\u00e9"]}]}\n')
    case("good-bool-forms", META + "  omitManagedFields: Yes\n- {level: None, omitManagedFields: OFF}\n- {level: None, omitManagedFields: n}\nomitManagedFields: on\n")
    case("good-all-stages", META + "omitStages: [RequestReceived, ResponseStarted, ResponseComplete, Panic, Panic]\n")
    case("good-300-rules", HEAD + "rules:\n" + "".join(f"- {{level: Metadata, users: [u{i}]}}\n" for i in range(300)))


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for part in (types, scalars, keys, anchors, whitespace, documents, nesting, jsons, metadata, versions, validation, scanner, good):
        part()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in CASES:
            old.unlink()
    for name, content in sorted(CASES.items()):
        (folder / name).write_bytes(content)
    print(f"{len(CASES)} files, {sum(map(len, CASES.values()))} bytes, in {folder}")


if __name__ == "__main__":
    main()
