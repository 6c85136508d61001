#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""EPUBs of editions that nobody would make, judged by the standard's own checker: no error and no warning.

usage: test_epub.py EPUB_CASES CSS    (exit 77 where epubcheck or Java is missing)
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

JAR = "/usr/share/java/epubcheck.jar"


DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "CheckEpubs.java")
QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # short runs: less compiling


def check_all(paths):
    """Faults that epubcheck finds in each book: path -> one line each. All in one Java."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="broadsheet-epubcheck-") as folder:
        reports = {path: os.path.join(folder, f"{i}.json") for i, path in enumerate(paths)}
        pairs = [part for pair in reports.items() for part in pair]
        done = subprocess.run(["java", *QUICK, "-cp", JAR, DRIVER, *pairs], capture_output=True, text=True, timeout=600)
        for path, report in reports.items():
            if not os.path.exists(report):
                found[path] = [f"no report: {done.stdout[-2000:]}{done.stderr[-2000:]}"]
                continue
            with open(report, encoding="utf-8") as file:
                messages = json.load(file)["messages"]
            found[path] = [f"{m['severity']} {m['ID']}: {m['message']} {[(l['path'], l['line']) for l in m['locations'][:3]]}"
                           for m in messages if m["severity"] in ("FATAL", "ERROR", "WARNING")]
    if done.returncode != 0 and not any(found.values()):
        found[paths[0]] = [done.stdout + done.stderr]
    return found


def check(path):
    return check_all([path])[path]


def main(cases, css):
    if not (shutil.which("java") and os.path.exists(JAR)):
        print("epubcheck is not here: install the package epubcheck")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory(prefix="broadsheet-epub-") as folder:
        subprocess.run([cases, folder, css], check=True, timeout=300)
        paths = sorted(glob.glob(folder + "/*.epub"))
        assert len(paths) >= 7, paths
        for path in paths:
            first = zipfile.ZipFile(path).infolist()[0]
            assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b""), first
        for path, faults in check_all(paths).items():
            print(f"{os.path.basename(path)}: {len(faults)} faults")
            print("".join(f"  {fault}\n" for fault in faults[:20]), end="")
            failed += bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
