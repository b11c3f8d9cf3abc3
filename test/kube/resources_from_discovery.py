#!/usr/bin/env python3
"""Makes src/kube/resource_table.cpp: the resources that kube-apiserver serves itself, version by version.

    resources_from_discovery.py ZIP... | clang-format --assume-filename=x.cpp > src/kube/resource_table.cpp

ZIP...: the Go module k8s.io/kubernetes, one zip for each minor version from the oldest known to the newest, none left
out; any patch release will do. `go mod download -json k8s.io/kubernetes@v1.30.14` fetches one and prints its path.

From each zip it reads api/openapi-spec/swagger.json (every version has it; made by a kube-apiserver with all APIs and,
since 1.21, all alpha feature gates on: hack/update-openapi-spec.sh) and, where they are there (since 1.28),
api/discovery/aggregated_v2*.json and api__v1.json, for the short names and as a second witness. It stops where the
two differ, or where a resource has a life with a hole in it or a singular that is not its kind in lower case: the
table cannot say such things.
"""

import json
import re
import sys
import zipfile

API_PATH = re.compile(
    r"^/(?:api/v1|apis/(?P<group>[^/]+)/v[0-9][0-9a-z]*)/(?P<ns>namespaces/\{namespace\}/)?(?P<resource>[a-z]+)"
    r"(?:/\{name\}(?:/(?P<sub>[a-z]+))?(?:/\{path\})?)?$")

# swagger.json of 1.20 was made without alpha feature gates (hack/update-openapi-spec.sh there); these two are behind
# one: pkg/registry/core/rest/storage_core.go and pkg/registry/storage/rest/storage_storage.go of v1.20.15.
KNOWN_TO_1_20 = {("", "pods", "ephemeralcontainers"), ("storage.k8s.io", "csistoragecapacities", "")}

# Short names of what was gone before api/discovery began: ShortNames() in pkg/registry/networking/ingress/storage and
# pkg/registry/policy/podsecuritypolicy/storage of v1.21.14.
OLDER_SHORT_NAMES = {("extensions", "ingresses"): ["ing"], ("policy", "podsecuritypolicies"): ["psp"]}

# Groups that the newest discovery no longer has, and the one they come after: cmd/kube-apiserver/app/aggregator.go.
OLDER_GROUPS = {"extensions": "networking.k8s.io"}


class Seen:
    """What one version says about a resource."""

    def __init__(self):
        self.namespaced = False
        self.kind = None


def read_swagger(paths):
    """{(group, resource, subresource or ""): Seen} of a swagger.json's paths."""
    found = {}
    for path, item in paths.items():
        match = API_PATH.match(path)
        if not match or "/watch/" in path:
            continue
        key = (match["group"] or "", match["resource"], match["sub"] or "")
        seen = found.setdefault(key, Seen())
        seen.namespaced = seen.namespaced or bool(match["ns"])
        for verb in ("post", "get", "put", "delete"):
            gvk = item.get(verb, {}).get("x-kubernetes-group-version-kind")
            if gvk and not key[2]:
                seen.kind = seen.kind or gvk["kind"]
    return found


def read_discovery(aggregated, core):
    """{(group, resource, subresource or ""): (namespaced, kind, singular, short names)}, and the groups in order."""
    found, order = {}, [""]
    for item in core["resources"]:
        name, _, sub = item["name"].partition("/")
        found["", name, sub] = (item["namespaced"], item["kind"], item["singularName"], item.get("shortNames", []))
    for group in aggregated["items"]:
        order.append(group["metadata"]["name"])
        for version in group["versions"]:
            for item in version["resources"]:
                found[order[-1], item["resource"], ""] = (item["scope"] == "Namespaced", item["responseKind"]["kind"],
                                                          item["singularResource"], item.get("shortNames", []))
                for sub in item.get("subresources", []):
                    found[order[-1], item["resource"], sub["subresource"]] = (None, None, None, None)
    return found, order


def check(swagger, discovery, minor):
    if set(swagger) != set(discovery):
        sys.exit(f"1.{minor}: swagger.json and api/discovery differ: {sorted(set(swagger) ^ set(discovery))}")
    for key, (namespaced, kind, singular, _) in discovery.items():
        if key[2]:
            continue
        if (namespaced, kind) != (swagger[key].namespaced, swagger[key].kind) or singular != kind.lower():
            sys.exit(f"1.{minor}: {key}: scope, kind or singular differ")


class Life:
    """Everything that all versions together say about a resource or subresource."""

    def __init__(self):
        self.minors = []
        self.namespaced = False
        self.kind = None
        self.short_names = []

    def text(self, key, oldest, newest):
        """The C++ of `since` and `removed`."""
        if self.minors != list(range(self.minors[0], self.minors[-1] + 1)):
            sys.exit(f"{key}: served by 1.{self.minors}, with a hole")
        since = f"v1({self.minors[0]})" if self.minors[0] > oldest else "{}"
        removed = f"v1({self.minors[-1] + 1})" if self.minors[-1] < newest else "{}"
        return since, removed


def read_zips(names):
    lives, order, releases = {}, [], {}
    for name in names:
        archive = zipfile.ZipFile(name)
        root, release = re.match(r"(k8s\.io/kubernetes@v(1\.\d+\.\d+)/)", archive.namelist()[0]).groups()
        releases[int(release.split(".")[1])] = (archive, root, release)
    oldest, newest = min(releases), max(releases)
    if sorted(releases) != list(range(oldest, newest + 1)):
        sys.exit(f"a version is missing between 1.{oldest} and 1.{newest}: {sorted(releases)}")
    for minor, (archive, root, _) in sorted(releases.items()):
        swagger = read_swagger(json.loads(archive.read(root + "api/openapi-spec/swagger.json"))["paths"])
        if minor == 20:
            for key in KNOWN_TO_1_20:
                swagger.setdefault(key, None)
        discovery = {}
        aggregated = [n for n in archive.namelist() if re.fullmatch(re.escape(root) + "api/discovery/aggregated_v2.*", n)]
        if aggregated:
            discovery, order = read_discovery(json.loads(archive.read(min(aggregated, key=len))),
                                              json.loads(archive.read(root + "api/discovery/api__v1.json")))
            check(swagger, discovery, minor)
        for key, seen in swagger.items():
            life = lives.setdefault(key, Life())
            life.minors.append(minor)
            if seen and not key[2]:
                if life.kind and (life.kind, life.namespaced) != (seen.kind, seen.namespaced):
                    sys.exit(f"{key}: kind or scope changed in 1.{minor}")
                life.namespaced, life.kind = seen.namespaced, seen.kind
                life.short_names = discovery[key][3] if discovery else OLDER_SHORT_NAMES.get(key[:2], [])
    for gone, after in OLDER_GROUPS.items():
        if gone not in order:
            order.insert(order.index(after) + 1, gone)
    unplaced = sorted({key[0] for key in lives} - set(order))
    if unplaced:
        sys.exit(f"groups that left discovery; add them to OLDER_GROUPS: {unplaced}")
    return lives, order, oldest, newest, [release for _, (_, _, release) in sorted(releases.items())]


def row(key, life, subresources, oldest, newest):
    group, resource, _ = key
    fields = [f'"{group}"', f'"{resource}"', f'"{life.kind.lower()}"', f'"{life.kind}"',
              "namespaced" if life.namespaced else "cluster", "{" + ", ".join(f'"{n}"' for n in life.short_names) + "}",
              subresources, *life.text(key, oldest, newest)]
    while fields[-1] == "{}":
        fields.pop()
    return "{" + ", ".join(fields) + "}"


def print_table(lives, order, oldest, newest, releases):
    arrays, rows = {}, []
    for key in sorted((k for k in lives if not k[2]), key=lambda k: (order.index(k[0]), k[1])):
        own = lives[key].text(key, oldest, newest)
        subs, plain = [], True
        for sub_key in sorted(k for k in lives if k[2] and k[:2] == key[:2]):
            # What a subresource shares with its resource is said once, there.
            text = ["{}" if s == o else s for s, o in zip(lives[sub_key].text(sub_key, oldest, newest), own)]
            plain = plain and text == ["{}", "{}"]
            while text and text[-1] == "{}":
                text.pop()
            subs.append((sub_key[2], ", ".join([f'{{"{sub_key[2]}"', *text]) + "}"))
        name = "{}"
        if subs:
            name = "k_" + ("_".join(s[0] for s in subs) if plain and len(subs) < 3 else key[1] + "_have")
            arrays[name] = ", ".join(s[1] for s in subs)
        rows.append(row(key, lives[key], name, oldest, newest))
    print("// Made by test/kube/resources_from_discovery.py from api/openapi-spec/swagger.json and api/discovery of "
          "k8s.io/kubernetes\n//", " ".join("v" + r for r in releases[:9]), "\n//",
          " ".join("v" + r for r in releases[9:]) + ". Make it again instead of editing it.\n")
    print('#include <array>\n\n#include "kaudit/kube/resources.hpp"\n\nnamespace kaudit::kube {\nnamespace {\n')
    print("using enum Scope;\n\nconstexpr Version v1(int minor) { return {1, minor}; }\n")
    for name, text in sorted(arrays.items()):
        print(f"constexpr auto {name} = std::to_array<Subresource>({{{text}}});")
    print("\nconstexpr auto k_resources = std::to_array<ApiResource>({\n" + ",\n".join(rows) + ",\n});\n\n}  // namespace\n")
    print("std::span<const ApiResource> api_resources() { return k_resources; }\n\n}  // namespace kaudit::kube")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print_table(*read_zips(sys.argv[1:]))
