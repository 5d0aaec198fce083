#!/usr/bin/env python3
"""Lists the Go structures a pod template consists of: names and types of fields, in order.

    structures.py core-v1-types.go meta-v1-types.go > pod_template.txt

The inputs are core/v1/types.go of github.com/kubernetes/api 1.36.2 and pkg/apis/meta/v1/types.go of
github.com/kubernetes/apimachinery (both Apache-2.0). No comment of theirs is kept. README.md says what a line means.
"""
import re
import sys

FIELD = re.compile(r'json:"([^"]*)"')


def declarations(text, prefix):
    """-> {name: [(field, json name, type)] or the type it stands for}"""
    found = {}
    for name, body in re.findall(r"^type (\w+) struct \{\n(.*?)^\}", text, re.S | re.M):
        fields = []
        for line in body.split("\n"):
            tag = FIELD.search(line)
            code = re.sub(r"\s*(`|//).*", "", line).split(None, 1)
            if not code:
                continue
            field, kind = code if len(code) == 2 else (code[0].split(".")[-1], code[0])
            json_name = tag.group(1).split(",")[0] if tag else ""
            fields.append((field, json_name or ".", qualified(kind.strip(), prefix)))
        found[prefix + name] = fields
    for name, kind in re.findall(r"^type (\w+) ((?:string|int32|int64|bool|map\[|\[\]).*)$", text, re.M):
        found[prefix + name] = qualified(kind, prefix)
    return found


def qualified(kind, prefix):
    return re.sub(r"(?<![\w.])([A-Z]\w*)", lambda name: prefix + name.group(1), kind) if prefix else kind


def main():
    known = declarations(open(sys.argv[1]).read(), "") | declarations(open(sys.argv[2]).read(), "metav1.")
    seen, todo = set(), ["PodTemplateSpec"]
    while todo:
        name = todo.pop()
        # A template has no managers, and a time is printed as a structure of its own.
        if name in seen or name not in known or name in ("metav1.Time", "metav1.ManagedFieldsEntry"):
            continue
        seen.add(name)
        kinds = [known[name]] if isinstance(known[name], str) else [kind for _, _, kind in known[name]]
        for kind in kinds:
            todo.extend(re.findall(r"(?:metav1\.)?[A-Z]\w*", kind))
    for name in sorted(seen):
        if isinstance(known[name], str):
            print("word", name, known[name])
            continue
        print("struct", name)
        for field in known[name]:
            print(" " + " ".join(field))


main()
