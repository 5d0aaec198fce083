#!/usr/bin/env python3
"""Reduces the JSON Schema definitions of the Kubernetes API to the facts that decide how objects merge.

    reduce.py _definitions.json > builtin.txt

The input is `kubernetes_validate/kubernetes-json-schema/v1.36.0-local/_definitions.json` of the Python package
kubernetes-validate 1.37.0 (Apache-2.0), itself made of the OpenAPI document of Kubernetes (Apache-2.0).
Only names, types and merge rules are kept; no description is. README.md says what a line means.
"""
import json
import sys

PREFIXES = [
    ("io.k8s.api.", ""),
    ("io.k8s.apimachinery.pkg.apis.", ""),
    ("io.k8s.apiextensions-apiserver.pkg.apis.", ""),
    ("io.k8s.kube-aggregator.pkg.apis.", ""),
]

# Types that are one word rather than a structure.
WORDS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intstr",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
}

# Defaults that complete the key of a list item; the input has lost them.
DEFAULTS = {
    ("core.v1.ContainerPort", "protocol"): "TCP",
    ("core.v1.ServicePort", "protocol"): "TCP",
    ("core.v1.EndpointPort", "protocol"): "TCP",
}


def short(name):
    for prefix, replacement in PREFIXES:
        if name.startswith(prefix):
            return replacement + name[len(prefix):]
    return name


def word(schema):
    """The type of a field, as one word without spaces."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return WORDS.get(name) or "@" + short(name)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return "[" + word(schema["items"]) + "]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return "{" + word(inner) + "}" if inner else "any"
    if kind == "string" and schema.get("format") == "byte":
        return "bytes"
    return {"string": "str", "boolean": "bool", "integer": "int", "number": "num"}.get(kind, "any")


def rules(owner, name, schema):
    """What follows the type: how lists, maps and patches treat the field."""
    out = []
    if word(schema).startswith("["):
        kind = schema.get("x-kubernetes-list-type", "atomic")
        if kind == "map":
            out.append("keys=" + ",".join(schema["x-kubernetes-list-map-keys"]))
        elif kind == "set":
            out.append("set")
    if schema.get("x-kubernetes-map-type") == "atomic":
        out.append("atomic")
    strategies = schema.get("x-kubernetes-patch-strategy", "").split(",")
    if "merge" in strategies:
        out.append("merge=" + schema.get("x-kubernetes-patch-merge-key", ""))
    if "retainKeys" in strategies:
        out.append("retain")
    if (owner, name) in DEFAULTS:
        out.append("default=" + DEFAULTS[(owner, name)])
    return out


def references(schema):
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/$defs/")
        for value in schema.values():
            yield from references(value)


def wanted(kind):
    return "alpha" not in kind["version"] and not kind["kind"].endswith("List")


def main():
    definitions = json.load(open(sys.argv[1]))["$defs"]
    kinds, reach = [], []
    for name, schema in definitions.items():
        own = [kind for kind in schema.get("x-kubernetes-group-version-kind", []) if wanted(kind)]
        if len(own) == 1 and "metadata" in schema.get("properties", {}):
            group = own[0]["group"] + "/" if own[0]["group"] else ""
            kinds.append((group + own[0]["version"], own[0]["kind"], short(name)))
            reach.append(name)
    seen = set()
    while reach:
        name = reach.pop()
        if name not in seen and name not in WORDS:
            seen.add(name)
            reach.extend(references(definitions[name].get("properties", {})))
    for version, kind, name in sorted(kinds):
        print("kind", version, kind, name)
    for name in sorted(seen, key=short):
        schema = definitions[name]
        atomic = ["atomic"] if schema.get("x-kubernetes-map-type") == "atomic" else []
        print(" ".join(["type", short(name)] + atomic))
        for field, inner in sorted(schema.get("properties", {}).items()):
            mark = "!" if field in schema.get("required", []) else ""
            print(" " + " ".join([field + mark, word(inner)] + rules(short(name), field, inner)))


main()
