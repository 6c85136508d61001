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


def check(path):
    """Faults that epubcheck finds: one line each."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        done = subprocess.run(["java", "-jar", "/usr/bin/epubcheck", path, "--json", report.name],
                              capture_output=True, text=True, timeout=600)
        with open(report.name, encoding="utf-8") as file:
            found = json.load(file)
    faults = [f"{m['severity']} {m['ID']}: {m['message']} {[(l['path'], l['line']) for l in m['locations'][:3]]}"
              for m in found["messages"] if m["severity"] in ("FATAL", "ERROR", "WARNING")]
    if done.returncode != 0 and not faults:
        faults = [done.stdout + done.stderr]
    return faults


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
            faults = check(path)
            print(f"{os.path.basename(path)}: {len(faults)} faults")
            print("".join(f"  {fault}\n" for fault in faults[:20]), end="")
            failed += bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
