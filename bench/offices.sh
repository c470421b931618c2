#!/bin/sh
# bench/offices.sh [ENTRIES [OFFICES]]   many offices in one PostgreSQL database of our own: OFFICES (100), each with ENTRIES (1,000), 25 units and 6
# officers. One and two servers, 64 clients that write for 1, 10 and all of the offices in turn; prints the table of docs/scale.md.
set -eu
cd "$(dirname "$0")/.."
entries=${1:-1000} offices=${2:-100}
. bench/common.sh
keys=$dir/offices.key tokens=$dir/tokens cookies=$dir/cookies
build whs b-fill b-load
clean() {
  stop
  cluster_stop
  rm -f "$keys" "$tokens" "$cookies" "$tokens.some" "$cookies.some"
}
trap clean EXIT
trap 'exit 1' INT TERM
export WHS_KEY="$keys"
rm -f "$keys"

row() { printf '| %-7s | %-7s | %14s | %26s | %10s | %16s | %10s | %24s |\n' "$@"; }
syncs() { # a backend that rests tells its counts after ten seconds
  sleep 11
  sql bench "SELECT wal_sync FROM pg_stat_wal"
}

cluster_start
sql postgres "CREATE DATABASE bench TEMPLATE template0"
url=$(pg_url bench)
build/b-fill "$url" "$entries" "$offices"
sql bench "VACUUM (ANALYZE)"
build/b-fill "$url" login >"$dir/logins"
sed 's/^[^ ]* /Authorization: Bearer /' "$dir/logins" >"$tokens"
sed 's/ .*//; s/^/Cookie: whs_session=/' "$dir/logins" >"$cookies"
rm -f "$dir/logins"

echo "$(date -u +%Y-%m-%d), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), PostgreSQL $(sql bench "SHOW server_version" | cut -d ' ' -f 1)," \
  "$offices offices of $entries entries, $(sql bench "SELECT pg_database_size('bench') / 1048576") MB"
echo
row offices servers "registrations/s" "CPU each: servers + PostgreSQL" "fsyncs each" "p50 / p99 ms" batch "today, CPU: servers + PG"
row --- --- --- --- --- --- --- ---
for n_servers in 1 2; do
  stop
  for i in $(seq "$n_servers"); do serve "$url"; done
  for n in 1 10 "$offices"; do
    head -n "$n" "$tokens" >"$tokens.some"
    head -n "$n" "$cookies" >"$cookies.some"
    post 64 1000 --headers "$tokens.some" >/dev/null
    before=$(syncs) writes=$(metric writes) batches=$(metric write_batches)
    s=$(post 64 10000 --headers "$tokens.some")
    after=$(syncs)
    batch=$(calc "($(metric writes) - $writes) / ($(metric write_batches) - $batches)" %.1f)
    load 16 1000 GET / --headers "$cookies.some" >/dev/null
    page=$(load 16 4000 GET / --headers "$cookies.some")
    row "$n" "$n_servers" "$(field per_second "$s")" "$(field cpu_us "$s") + $(field family_us "$s") us" "$(calc "($after - $before) / 10000" %.3f)" \
      "$(calc "$(field p50_us "$s") / 1000" %.1f) / $(calc "$(field p99_us "$s") / 1000" %.1f)" "$batch" "$(field cpu_us "$page") + $(field family_us "$page") us"
  done
done
