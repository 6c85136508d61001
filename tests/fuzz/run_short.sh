#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the libFuzzer harnesses with clang and runs each for a few seconds on its seeds.
# Usage: tests/fuzz/run_short.sh [SECONDS [NAME…]]   Build folder: build-fuzz, or $FUZZ_BUILD.
# Fails at the first harness that finds something; the input is left in the build folder.
set -eu
cd "$(dirname "$0")/../.."
build=${FUZZ_BUILD:-build-fuzz}
seconds=${1:-5}
[ $# -gt 0 ] && shift
if [ ! -f "$build/build.ninja" ]; then
  CC=clang meson setup "$build" -Dfuzz=true -Dtests=false -Doptimization=1 -Ddebug=true -Db_lundef=false
fi
ninja -C "$build"
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')
for name in "$@"; do
  echo "== $name, $seconds s"
  found=$build/found/$name
  mkdir -p "$found"
  "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$build/found/$name-" "$found" "tests/fuzz/corpus/$name" 2>&1 |
    tee "$build/found/$name.log" | grep -E 'ERROR|Assertion|SUMMARY|number_of_executed|Test unit' || true
  grep -q 'number_of_executed' "$build/found/$name.log" && ! grep -q 'SUMMARY' "$build/found/$name.log"
done
