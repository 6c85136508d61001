#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: install_packages.sh GROUP…   (run by ./run and ./check)
# Installs those packages of packaging/packages that are missing, and says which. When none is,
# it takes a few hundredths of a second and needs neither network nor rights.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

release=
if [ -r /etc/os-release ]; then
  release=$(. /etc/os-release && echo "${VERSION_ID:-}")
fi
if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian, so nothing is installed for you. Needed: see packaging/packages." >&2
  exit 0
fi

wanted=()
while read -r group package only program; do
  case " $* " in *" $group "*) ;; *) continue ;; esac
  # A program from elsewhere than Debian (Node.js brings its own npm) does as well as Debian's.
  if [ -n "${program:-}" ] && command -v "$program" >/dev/null; then
    continue
  fi
  if [ "${only:-any}" = any ] || [ "$only" = "$release" ]; then
    wanted+=("$package")
  fi
done < <(grep -Ev '^(#|$)' "$here/packages")

present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p' || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qx -- "$package" <<<"$present" || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These Debian packages are missing, and there is no sudo to install them with:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1
}
if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
  tail -n 20 "$log" >&2
  echo "apt-get failed; the lines above say why (all of them: $log)." >&2
  exit 1
fi
rm -f "$log"
