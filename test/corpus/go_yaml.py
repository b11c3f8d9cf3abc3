"""Kubernetes' view of a manifest, by an independent road: libyaml through PyYAML, with go-yaml v2's YAML 1.1 resolver.

Scalars that are not strings become values of their own type, so that `true` and "true" never compare equal.
"""

import json
import math
import re

import yaml


def number(kind, value):
    """A number as meant: 8 and 010 are equal, 8 and 8.0 are not."""
    return (kind, value)


class GoLoader(yaml.CSafeLoader):
    pass


# No implicit resolver of PyYAML's own: its sexagesimal integers and dates are strings to Go.
GoLoader.yaml_implicit_resolvers = {}

_BOOLEANS = {"y": True, "yes": True, "on": True, "true": True, "n": False, "no": False, "off": False, "false": False}
_WORDS = "|".join(f"{w}|{w.capitalize()}|{w.upper()}" for w in _BOOLEANS)
GoLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^(?:{_WORDS})$"), None)
GoLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), None)
GoLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), None)
GoLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int",
    re.compile(r"^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$"), None)
GoLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^(?:[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+\.|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"),
    None)


def _integer(loader, node):
    text = loader.construct_scalar(node).replace("_", "")
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.startswith(("0x", "0b")):
        return number("int", sign * int(digits, 0))
    return number("int", sign * int(digits, 8 if digits.startswith("0") and digits != "0" else 10))


def _float(loader, node):
    text = loader.construct_scalar(node).lower()
    if text.endswith((".inf", ".nan")):
        return number("float", text)
    return number("float", float(text))


def _mapping(loader, node):
    loader.flatten_mapping(node)
    result = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = f"({type(key).__name__}) {key}"
        result.pop(key, None)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _sequence(loader, node):
    return [loader.construct_object(child, deep=True) for child in node.value]


GoLoader.add_constructor("tag:yaml.org,2002:int", _integer)
GoLoader.add_constructor("tag:yaml.org,2002:float", _float)
GoLoader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: _BOOLEANS[loader.construct_scalar(node).lower()])
GoLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
GoLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def _json_number(text):
    value = float(text) if re.search(r"[.eE]", text) else int(text)
    return number("int", value) if isinstance(value, int) else number("float", value)


def _no_constant(text):
    raise ValueError(f"not JSON: {text}")


def decode(content):
    """First document of `content` (bytes), as ToJSON of k8s.io/apimachinery takes it: JSON where it starts with `{`."""
    text = content.decode("utf-8-sig")
    if text.lstrip().startswith("{"):
        return json.loads(text, parse_int=_json_number, parse_float=_json_number, parse_constant=_no_constant)
    loader = GoLoader(text)
    try:
        loader.check_node()
        return loader.get_data()
    finally:
        loader.dispose()


def compose(content):
    """The node tree with positions of the first document; None for what libyaml does not read."""
    loader = GoLoader(content.decode("utf-8-sig"))
    try:
        return loader.get_node() if loader.check_node() else None
    finally:
        loader.dispose()


def same(left, right):
    """Deep equality in which 1, 1.0, True and "1" all differ."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return left == right
