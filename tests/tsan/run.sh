#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/tsan/run.sh [TEST…]
# Builds with ThreadSanitizer (build-tsan) and runs the tests in which threads meet, or those named
# (as `meson test --list` names them). Ends with status 0 if no test failed and no race was seen.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
export PATH=/usr/bin:$PATH # Debian's Meson wants Debian's Python
build=build-tsan
[ -f "$build/build.ninja" ] || meson setup "$build" -Db_sanitize=thread -Db_lundef=false -Doptimization=1 -Ddebug=true
ninja -C "$build"
[ $# -gt 0 ] || set -- web/form web/http_parser web/http_server web/site_feeds web/site_pages app/config \
  imaging/rendition_cache store/store system/serve
meson test -C "$build" --no-rebuild --setup all --num-processes 2 -t 5 --print-errorlogs "$@"
! grep -h "SUMMARY: ThreadSanitizer" "$build/meson-logs/testlog-all.txt"
