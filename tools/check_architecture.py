#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that docs/ARCHITECTURE.md speaks of what is there: every `function_name()` in backticks is
defined in src/, and every `file.c` or `folder/file.h` in backticks exists. Run as a Meson test."""
import pathlib
import re
import sys

FUNCTION = re.compile(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\(\)`")
FILE = re.compile(r"`([a-z0-9_/.-]+\.(?:c|h|py|sql|mustache))`")


def check(root):
    root = pathlib.Path(root)
    text = (root / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    sources = "\n".join(p.read_text(encoding="utf-8") for p in sorted((root / "src").rglob("*.c")))
    names = [str(p.relative_to(root)) for folder in ("src", "sql", "tools", "themes", "tests", "bench")
             for p in (root / folder).rglob("*") if p.is_file()]
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        for name in FUNCTION.findall(line):
            # A definition: the name, its parameters, and a body.
            if not re.search(r"\b" + name + r"\([^;{}]*\)\s*\{", sources):
                faults.append(f"docs/ARCHITECTURE.md:{number}: no function {name}() is defined in src/")
        for name in FILE.findall(line):
            if not any(n == name or n.endswith("/" + name) for n in names):
                faults.append(f"docs/ARCHITECTURE.md:{number}: there is no file {name}")
    return faults


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) or "all that docs/ARCHITECTURE.md names is there")
    sys.exit(1 if found else 0)
