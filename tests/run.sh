#!/bin/sh
# tests/run.sh [long]   builds three times (gcc; clang, compiled only; gcc with sanitizers) and runs every test:
#   src/**_test.c   C, beside the code, on both gcc builds
#   tests/*.test.js node, against the program `whs`, on both builds unless the file says "// once"
# Each runs on SQLite and again on PostgreSQL unless its source says "engine: sqlite — reason", "engine: postgres — reason" or "engine: none — reason"
# in a comment line of its own. WHS_TEST_ENGINE=sqlite or =postgres chooses one.
# The last line is "N passed, N failed"; the exit code is 1 when something failed or nothing ran.
set -u
cd "$(dirname "$0")/.."
failed_build() {
  echo "FAIL the $1 build"
  echo "0 passed, 1 failed"
  exit 1
}
tools/build.sh build || failed_build gcc
CC=clang tools/build.sh build-clang || failed_build clang
echo "clang: compiles without a warning"
tools/build.sh build-asan -Db_sanitize=address,undefined || failed_build sanitizer
[ "${1:-}" = long ] && export WHS_LONG=1
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
exec node tests/run.js
