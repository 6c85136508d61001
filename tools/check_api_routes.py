#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the operations of docs/api/openapi.json with the rows of src/web/api_routes.c: the same
methods, paths and permissions, no more and no less. Run as a Meson test."""
import json
import pathlib
import re
import sys

ROW = re.compile(r'^\s+(?:(GET|SHARED|POST|PATCH|PUT|DELETE|SLOW_POST|PICTURE|READERS|STREAM)\(|WRITE\((\w+),\s*)\s*"([^"]+)",\s*(\w+)', re.M)
OWN = ("/newsroom", "/newsroom/*", "/newsroom/assets/:name")  # the application itself, no operation


def from_table(source):
    rows = {}
    for macro, write, path, word in ROW.findall(source):
        method = {"SHARED": "GET", "SLOW_POST": "POST", "PICTURE": "POST", "READERS": "POST", "STREAM": "GET"}.get(macro or write, macro or write)
        permission = "PUBLIC" if macro == "SHARED" else word
        if path not in OWN:
            rows[(method, re.sub(r":(\w+)", r"{\1}", path))] = permission.lower()
    return rows


def from_document(document):
    rows = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            rows[(method.upper(), path)] = operation["x-permission"].replace(".", "_")
    return rows


def main(root):
    root = pathlib.Path(root)
    table = from_table((root / "src/web/api_routes.c").read_text(encoding="utf-8"))
    document = from_document(json.loads((root / "docs/api/openapi.json").read_text(encoding="utf-8")))
    faults = ["%s %s is in the document and in no row of the table" % key for key in sorted(document.keys() - table.keys())]
    faults += ["%s %s is in the table and not in the document" % key for key in sorted(table.keys() - document.keys())]
    faults += ["%s %s: the table says %s, the document %s" % (key + (table[key], document[key]))
               for key in sorted(table.keys() & document.keys()) if table[key] != document[key]]
    if faults:
        sys.exit("\n".join(faults))
    print("%d operations are the same in both" % len(table))


main(sys.argv[1])
