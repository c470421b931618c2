#!/bin/sh
# tools/build.sh DIR [MESON OPTION…]   builds everything into DIR; says nothing but what went wrong.
# Meson looks for files only when it configures, so it is asked again when tools/sources.sh names other files than last time,
# or when meson.build or the options changed.
set -eu
cd "$(dirname "$0")/.."
dir=$1
shift
list=$(for role in lib tests queries templates migrations po assets bench; do echo "$role"; tools/sources.sh "$role"; done; cksum meson.build; echo "$@")
if [ ! -f "$dir/build.ninja" ]; then
  rm -rf "$dir"
  quiet="meson setup $dir"
elif [ "$list" != "$(cat "$dir/sources.list" 2>/dev/null)" ]; then
  quiet="meson setup --reconfigure $dir"
else
  quiet=
fi
if [ -n "$quiet" ]; then
  mkdir -p "$dir"
  $quiet "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
  mv "$dir.log" "$dir/setup.log"
  printf '%s\n' "$list" >"$dir/sources.list"
fi
out=$(ninja -C "$dir" --quiet all 2>&1) || { printf '%s\n' "$out" >&2; exit 1; }
