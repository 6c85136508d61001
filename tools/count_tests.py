#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the results in Meson's testlog-all.json: prints "PASSED FAILED SKIPPED". Run by ./check."""
import json
import sys

GOOD, SKIPPED = {"OK", "EXPECTEDFAIL"}, {"SKIP"}


def main(path):
    counts = [0, 0, 0]
    for line in open(path, encoding="utf-8"):
        result = json.loads(line)["result"]
        counts[0 if result in GOOD else 2 if result in SKIPPED else 1] += 1
    print(*counts)


if __name__ == "__main__":
    main(sys.argv[1])
