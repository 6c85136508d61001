#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves two rules of docs/ARCHITECTURE.md from the #include lines: a floor includes only floors
below it, and each outside library's header is included by one .c file. Run as a Meson test."""
import pathlib
import re
import sys

# What each floor may include besides itself.
GROUND = {"base", "model"}
SIDE_BY_SIDE = {"store", "imaging", "press"}
DOORS = {"exchange", "web", "mail", "edition"}
BELOW_DOORS = GROUND | SIDE_BY_SIDE | {"newsroom"}
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "store": GROUND,
    "imaging": GROUND,
    "press": GROUND,
    "newsroom": GROUND | SIDE_BY_SIDE,
    "exchange": BELOW_DOORS,
    "web": BELOW_DOORS,
    "mail": BELOW_DOORS,
    "edition": BELOW_DOORS,
    "app": BELOW_DOORS | DOORS,
    "cmd": BELOW_DOORS | DOORS | {"app"},
    ".": {"cmd"},  # main.c
}
# Of everybody: the C library, the kernel's interface, GLib.
COMMON = re.compile(
    r"(assert|ctype|dirent|dlfcn|errno|fcntl|fenv|float|inttypes|limits|locale|math|netdb|poll|pthread|sched|setjmp|signal|spawn|"
    r"stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|syslog|termios|time|unistd|wchar)\.h"
    r"|(sys|net|netinet|arpa|linux)/[a-z_0-9]+\.h|openssl/err\.h|glib(-unix|/gstdio|/gi18n)?\.h|gio/gio\.h"
)
# A library whose headers one folder may share, because one subject is spread over its files.
FOLDERS = {"libcrypto": "base", "harfbuzz": "edition"}
# Several headers of one library count as one.
LIBRARY = [
    (re.compile(r"vips/.*"), "libvips"),
    (re.compile(r"hb(-.*)?\.h"), "harfbuzz"),
    (re.compile(r"libxml/.*"), "libxml2"),
    (re.compile(r"brotli/.*"), "brotli"),
    (re.compile(r"archive(_entry)?\.h"), "libarchive"),
    (re.compile(r"gio/gunix.*"), "gio-unix"),
    (re.compile(r"gmime/.*"), "gmime"),
    (re.compile(r"openssl/(ssl|x509v3)\.h"), "libssl"),
    (re.compile(r"openssl/.*"), "libcrypto"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def library_of(header):
    for pattern, name in LIBRARY:
        if pattern.fullmatch(header):
            return name
    return header


def check(root):
    source = pathlib.Path(root) / "src"
    faults, users = [], {}
    for path in sorted(source.rglob("*.[ch]")):
        relative = path.relative_to(source)
        floor = relative.parts[0] if len(relative.parts) > 1 else "."
        if floor not in MAY_INCLUDE:
            faults.append(f"src/{relative}: '{floor}' is no floor of this house (tools/check_floors.py lists them)")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            kind, header = match.groups()
            where = f"src/{relative}:{number}"
            if kind == '"':
                target = header.split("/")[0] if "/" in header else floor
                if target != floor and target not in MAY_INCLUDE[floor]:
                    faults.append(f"{where}: {floor} may not include {header}")
            elif not COMMON.fullmatch(header):
                users.setdefault(library_of(header), {}).setdefault(str(relative), where)
    for library, files in sorted(users.items()):
        folders = {str(pathlib.Path(name).parent) for name in files}
        if len(files) > 1 and folders != {FOLDERS.get(library)}:
            faults.append(f"{library} is included by {len(files)} files, one may: {', '.join(sorted(files.values()))}")
    return faults


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) or "every floor includes only floors below it")
    sys.exit(1 if found else 0)
