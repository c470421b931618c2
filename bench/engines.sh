#!/bin/sh
# bench/engines.sh [ENTRIES]   both engines on one ledger of ENTRIES (100,000) in one run, each beside a bare program on the same engine; prints one table.
# SQLite's ledger is made once (common.sh) and moved to a PostgreSQL of our own with `whs move`. Of three runs of everything the one with the least CPU
# counts: who else is at work only adds. docs/bench.md says what the table means.
set -eu
cd "$(dirname "$0")/.."
entries=${1:-100000} runs=${RUNS:-3}
. bench/common.sh
work=$dir/work.db key=$dir/work-pg.key
build whs b-fill b-load b-bare_register b-bare_page
clean() {
  stop
  cluster_stop
  rm -f "$work" "$work"-* "$work".* "$key"
}
trap clean EXIT
trap 'exit 1' INT TERM

row() { printf '| %-42s | %9s | %9s | %6s | %-7s | %s\n' "$1" "$2" "$3" "$4" "$5" "$6"; }
judge() { if calc "$1 >= $2" | grep -q 1; then echo ok; else echo missed; fi; }
cpu() { calc "$(field cpu_us "$1") + 0$(field family_us "$1")" %.0f; }
whole() { calc "$(field cpu_us "$1")" %.0f; }     # a bare program's cpu_us has PostgreSQL's in it
best() { # HOW COMMAND…: the run whose CPU, as HOW reads it, is least
  how=$1 least=
  shift
  for run in $(seq "$runs"); do
    s=$("$@")
    if [ -z "$least" ] || [ "$($how "$s")" -lt "$($how "$least")" ]; then least=$s; fi
  done
  echo "$least"
}

pages() { # URL
  path=$(entry_path)
  for page in today entry; do
    address=/
    [ $page = today ] || address=$path
    bare=$(best whole build/b-bare_page "$1" $page 2000)
    get 4 500 "$address" >/dev/null
    for n in 16 1; do
      s=$(best cpu get $n 3000 "$address")
      ratio=$(calc "$(whole "$bare") / $(cpu "$s")" %.2f)
      row "$page, $n connections, CPU us" "$(cpu "$s")" "$(whole "$bare")" "$ratio" "$(judge "$ratio" 0.5)" \
        "server $(field cpu_us "$s"), PostgreSQL 0$(field family_us "$s"); p50 $(field p50_us "$s") us; bare in one go $(field together_us "$bare")"
    done
  done
}

# As whs forms them, its batches are the bare program's.
batches() { calc "int(($(metric writes) - $1) / ($(metric write_batches) - $2) + 0.5)"; }

writes() { # URL
  post 16 1000 >/dev/null
  sizes=
  for n in 64 16 1; do
    before_writes=$(metric writes) before=$(metric write_batches)
    s=$(best cpu post $n $((n == 1 ? 1000 : 6000)))
    size=$(batches "$before_writes" "$before")
    sizes="$sizes $n:$size:$(cpu "$s"):$(field per_second "$s"):$(field p50_us "$s"):$(field cpu_us "$s"):0$(field family_us "$s")"
  done
  commit=$(metric sync_microseconds)
  row "refused" "$(metric writes_refused)" "" "" "" ""
  stop
  for one in $sizes; do
    IFS=: read -r n size cpu_us per_second p50 own family <<EOF
$one
EOF
    bare=$(best whole build/b-bare_register "$1" $((n == 1 ? 1000 : 6000)) "$size")
    ratio=$(calc "$per_second / $(field per_second "$bare")" %.2f)
    verdict=
    [ "$n" != 64 ] || verdict=$(judge "$ratio" 0.7)
    row "registrations a second, $n clients" "$per_second" "$(field per_second "$bare")" "$ratio" "$verdict" "batches of $size"
    row "registration, $n clients, CPU us" "$cpu_us" "$(whole "$bare")" "$(calc "$(whole "$bare") / $cpu_us" %.2f)" "" "server $own, PostgreSQL $family"
    [ "$n" != 1 ] || row "one client waits, p50 us" "$p50" "$(calc "$(field wall_us "$bare")" %.0f)" "" "" "one commit takes $commit us by the server's own mean"
  done
  bare=$(best whole build/b-bare_register "$1" 6400 64)
  row "bare, batches of 64" "" "$(field per_second "$bare")" "" "" "CPU $(whole "$bare") us"
}

engine() { # NAME URL
  echo "**$1**"
  row "" whs bare ratio "" "beside it |"
  row --- --- --- --- --- "--- |"
  login "$2"
  serve "$2"
  pages "$2"
  writes "$2"
  echo
}

ledger "$entries"
ledger_copy "$work"
echo "$(date -u +%Y-%m-%d), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), $entries entries; ratio: bare CPU to ours, or our registrations a second to bare's"
echo
engine "SQLite" "sqlite:$work"

cluster_start
sql postgres "CREATE DATABASE bench TEMPLATE template0"
ledger_copy "$work"
build/whs move --from "sqlite:$work" --to "$(pg_url bench)" --from-key "$work.key" --to-key "$key" >"$dir/move.log"
sql bench "VACUUM (ANALYZE)"
export WHS_KEY="$key"
engine "PostgreSQL $(sql bench "SHOW server_version" | cut -d ' ' -f 1)" "$(pg_url bench)"
