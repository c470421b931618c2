#!/bin/sh
# Names the files of one role, one per line, in a stable order; meson.build asks.
#   lib        every src/**.c that is neither a test nor main.c
#   tests      every src/**_test.c and tests/*_test.c
#   queries    "NAME FILE" for each src/**/queries.sql; NAME is its folder's name
#   templates  "NAME FILE…" for each folder that holds *.html below src/, and "ui" for ui/
#   migrations po assets bench
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
case "$1" in
lib) find src -name '*.c' ! -name '*_test.c' ! -path src/app/main.c | sort ;;
tests) find src tests -name '*_test.c' ! -path '*/node_modules/*' | sort ;;
queries) find src -name queries.sql | sort | while read -r f; do echo "$(basename "$(dirname "$f")") $f"; done ;;
templates) find src ui -name '*.html' | sort | awk -F/ '{ n = $1 == "ui" ? "ui" : $(NF-1); if (!(n in s)) { o[++k] = n }; s[n] = s[n] " " $0 } END { for (i = 1; i <= k; i++) print o[i] s[o[i]] }' ;;
migrations) find sql/migrations -name '*.sql' | sort ;;
po) find po -name '*.po' | sort ;;
assets) { find ui -name '*.css' -o -name '*.js' -o -name '*.svg'; ls node_modules/htmx.org/dist/htmx.min.js; } 2>/dev/null | sort ;;
bench) find bench -name '*.c' 2>/dev/null | sort ;;
*) echo "sources.sh: unknown role $1" >&2; exit 2 ;;
esac
