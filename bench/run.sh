#!/bin/sh
# bench/run.sh [ENTRIES]   measures the program against the targets of its first issue and prints one table; docs/bench.md says what it means.
# A ledger of ENTRIES (1,000,000) is made once in build/bench/ and kept; the server runs on a copy. Nothing here is part of `make test`.
set -eu
cd "$(dirname "$0")/.."
entries=${1:-1000000}
. bench/common.sh
work=$dir/work.db

build b-fill b-load b-start b-bare_register b-bare_page b-deadline
clean() {
  stop
  rm -f "$work" "$work"-* "$work".*
}
trap clean EXIT
trap 'exit 1' INT TERM
ledger "$entries"
ledger_copy "$work"

row() { printf '%-58s %12s %-6s %12s  %-7s %s\n' "$1" "$2" "$3" "$4" "$5" "$6"; }
free_port() {
  port=20000
  while ss -ltnH 2>/dev/null | grep -q "127.0.0.1:$port " || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
}
echo "$(date -u +%Y-%m-%d), $(nproc) cores, $entries entries, $(du -m "$work" | cut -f 1) MB"
row "" "measured" "" "target" "" "beside it"

# --- start
free_port
s=$(build/b-start build/whs "$work" "$port" /healthz)
row "start to first answer, /healthz" "$(field ms "$s")" ms "<= 50" "$(less "$(field ms "$s")" 50)" "slowest $(field slowest_ms "$s")"
s=$(build/b-start build/whs "$work" "$port" /login)
row "start to first answer, /login" "$(field ms "$s")" ms "<= 50" "$(less "$(field ms "$s")" 50)" "slowest $(field slowest_ms "$s")"

# --- reading
login "sqlite:$work"
serve "sqlite:$work"
bare=$(field cpu_us "$(build/b-bare_page "sqlite:$work" today)")
get 1 200 / >/dev/null
for n in 1 16; do
  s=$(get $n 5000 /)
  row "today's page, $n connections, CPU each" "$(field cpu_us "$s")" us "<= 300" "$(less "$(field cpu_us "$s")" 300)" "bare queries $bare us; $(field bytes "$s") bytes"
done
number=$(entry_path)
s=$(get 1 5000 "$number")
row "one entry's page, CPU each" "$(field cpu_us "$s")" us "<= 200" "$(less "$(field cpu_us "$s")" 200)" "$(field bytes "$s") bytes"
for list in "/entries" "/entries?state=active" "/entries?state=settled" "/week"; do
  s=$(get 1 500 "$list")
  row "list $list, CPU each" "$(field cpu_us "$s")" us "" "" "$(field bytes "$s") bytes, p99 $(field p99_us "$s") us"
done
s=$(build/b-load "$port" 1 2000 GET "/api/v1${number}" --pid "$server" --header "Authorization: Bearer $token")
row "one entry over the API, CPU each" "$(field cpu_us "$s")" us "<= 200" "$(less "$(field cpu_us "$s")" 200)" "$(field bytes "$s") bytes"

# --- registering
post 16 2000 >/dev/null
refused=$(metric writes_refused)
for n in 1 16 64; do
  before=$(metric syncs)
  count=$((n == 1 ? 2000 : 10000))
  s=$(post $n $count) || true
  after=$(metric syncs) sync=$(metric sync_microseconds)
  each=$(awk -v a="$before" -v b="$after" -v n=$count 'BEGIN { printf "%.3f", (b - a) / n }')
  row "registration, $n clients, CPU each" "$(field cpu_us "$s")" us "<= 200" "$(less "$(field cpu_us "$s")" 200)" "$(field per_second "$s") per second, $(field errors "$s") errors"
  if [ $n = 64 ]; then
    limit=$(awk -v s="$sync" 'BEGIN { print (s + 0 >= 1000 ? 0.1 : 0.3) }')
    row "registration, $n clients, fsyncs each" "$each" "" "<= $limit" "$(less "$each" "$limit")" "one commit takes $sync us"
  else
    row "registration, $n clients, fsyncs each" "$each" "" "" "" "one commit takes $sync us"
  fi
  if [ $n = 1 ]; then
    limit=$(calc "$sync + 300")
    row "one client waits, p50" "$(field p50_us "$s")" us "<= $limit" "$(less "$(field p50_us "$s")" "$limit")" "one commit + 300 us"
    row "one client waits, p99" "$(field p99_us "$s")" us "" "" ""
  else
    row "$n clients wait, p50 / p99" "$(field p50_us "$s")/$(field p99_us "$s")" us "" "" ""
  fi
done
refused=$(($(metric writes_refused) - refused))
row "refused" "$refused" "" "0" "$(less "$refused" 0)" ""

# --- memory, after 100,000 requests of every sort
for path in / "$number" "/api/v1$number" /login /healthz; do
  get 16 16000 "$path" >/dev/null
done
get 16 2000 /entries >/dev/null
get 16 2000 "/entries?state=active" >/dev/null
post 16 16000 >/dev/null
anon=$(awk '/^RssAnon/ { printf "%.1f", $2 / 1024 }' "/proc/$server/status")
row "RssAnon after 100,000 requests more" "$anon" MB "<= 64" "$(less "$anon" 64)" ""

# --- bytes of a first visit
for page in /login /; do
  session="Cookie: whs_session=$cookie"
  [ $page = / ] || session="X-None: 1"
  total=0 files=0
  for file in $page $(build/b-load "$port" 1 1 GET $page --header "$session" --show body | grep -o '/assets/[^"]*' | sort -u); do
    s=$(build/b-load "$port" 1 1 GET "$file" --header 'Accept-Encoding: gzip' --header "$session")
    total=$((total + $(field bytes "$s"))) files=$((files + 1))
  done
  row "first visit to $page, everything, bytes as sent" "$(awk -v n=$total 'BEGIN { printf "%.1f", n / 1024 }')" KB "<= 60" "$(less $total 61440)" "$files files"
done

# --- syncs once more, counted from outside
if command -v strace >/dev/null; then
  strace -f -c -e trace=fsync,fdatasync -o "$dir/strace.txt" -p "$server" 2>/dev/null &
  tracer=$!
  sleep 0.5
  before=$(metric syncs)
  post 64 5000 >/dev/null
  after=$(metric syncs)
  kill -INT "$tracer" 2>/dev/null || true
  wait "$tracer" 2>/dev/null || true
  seen=$(awk '$NF ~ /^f(data)?sync$/ { n += $4 } END { print n + 0 }' "$dir/strace.txt")
  row "fsyncs of 5000 registrations, 64 clients, by strace" "$seen" "" "" "" "/metrics says $((after - before))"
fi
stop

# --- reading deadline phrases
s=$(build/b-deadline)
row "deadline phrases a second, one core" "$(field per_second "$s")" "" ">= 200000" "$(less 200000 "$(field per_second "$s")")" "$(field us "$s") us each, $(field phrases "$s") different ones"

# --- the engine alone, on the same ledger
for batch in 64 1; do
  s=$(build/b-bare_register "sqlite:$work" $((batch == 1 ? 2000 : 20000)) $batch)
  row "bare SQLite, a registration's rows, $batch in a commit, CPU" "$(field cpu_us "$s")" us "" "" "wall $(field wall_us "$s") us"
done
