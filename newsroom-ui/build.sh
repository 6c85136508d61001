#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: build.sh SOURCE_FOLDER OUT_FOLDER OUT.c OUT.h DEPFILE   (run by Meson)
# Installs the locked npm packages if they are not there, bundles the application, and turns it into one
# GResource as C. Says what to do if npm or its registry can't be had.
set -euo pipefail
source=$1 out=$(realpath -m "$2") c_file=$(realpath -m "$3") h_file=$(realpath -m "$4") depfile=$(realpath -m "$5")
names="$3 $4"
cd "$source"

exec 9>"$source/.install.lock"
flock 9
if ! cmp -s package-lock.json node_modules/.installed-lock 2>/dev/null; then
  if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2; then
    echo "newsroom-ui: npm ci failed; the lines above say why. Without a network, build with -Dnewsroom=disabled" >&2
    exit 1
  fi
  cp package-lock.json node_modules/.installed-lock
fi
flock -u 9

mkdir -p "$out"
node build.mjs "$out"
glib-compile-resources --sourcedir="$out" --generate-source --c-name newsroom_ui --target="$c_file" "$out/newsroom.gresource.xml"
glib-compile-resources --sourcedir="$out" --generate-header --c-name newsroom_ui --target="$h_file" "$out/newsroom.gresource.xml"
{
  printf '%s:' "$names"
  find "$source/src" "$source/build.mjs" "$source/package-lock.json" -type f -printf ' %p'
  printf '\n'
} >"$depfile"
