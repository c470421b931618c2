# What run.sh, engines.sh and offices.sh share; sourced from the root of the house.
dir=build/bench
bin=/usr/lib/postgresql/15/bin
servers= ports= server= port= pg_dir= pg_pid=
mkdir -p "$dir"

build() {
  tools/build.sh build
  ninja -C build --quiet "$@"
}

# --- servers
stop() {
  for pid in $servers; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  servers= ports=
}

# One more server on URL; $server and $port are its own, $servers and $ports all.
serve() {
  build/whs --db "$1" serve --listen 127.0.0.1:0 >"$dir/serve.log" 2>&1 &
  server=$!
  servers="$servers $server"
  port=
  while [ -z "$port" ]; do
    sleep 0.05
    kill -0 "$server" || { cat "$dir/serve.log" >&2; exit 1; }
    port=$(sed -n 's/.*127\.0\.0\.1:\([0-9]*\).*/\1/p' "$dir/serve.log")
  done
  ports=${ports:+$ports,}$port
}

# A PostgreSQL cluster of our own, durable, on a unix socket in a temporary folder on disk. What an administrator would set is set: memory for pages,
# room for the log between checkpoints, connections.
cluster_start() {
  as=
  if [ "$(id -u)" = 0 ]; then as="setpriv --reuid=postgres --regid=postgres --clear-groups"; fi
  pg_dir=$(mktemp -d -p "${BENCH_TMP:-/var/tmp}")
  if [ -n "$as" ]; then chown postgres:postgres "$pg_dir"; fi
  (cd "$pg_dir" && $as $bin/initdb -D data -A trust -U whs -E UTF8 --locale=C.UTF-8 >/dev/null)
  (cd "$pg_dir" && exec $as $bin/postgres -D data -k "$pg_dir" -c listen_addresses= -c max_connections=200 -c shared_buffers=512MB \
    -c max_wal_size=4GB) >"$dir/postgres.log" 2>&1 &
  pg_pid=$!
  for try in $(seq 100); do
    if sql postgres "SELECT 1" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  cat "$dir/postgres.log" >&2
  exit 1
}
cluster_stop() {
  if [ -n "$pg_pid" ]; then
    kill -INT "$pg_pid" 2>/dev/null || true
    wait "$pg_pid" 2>/dev/null || true
    rm -rf "$pg_dir"
  fi
  pg_pid=
}
sql() { psql -X -q -A -t -h "$pg_dir" -U whs -d "$1" -c "$2"; }
pg_url() { echo "postgresql:///$1?host=$pg_dir&user=whs"; }

# --- a ledger in a file: made again when the schema is another one or it is older than three days, for its deadlines lie around the day it was made
ledger() {
  ledger=$dir/ledger-$1.db
  made=$(cat sql/migrations/*.sql bench/fill.c | cksum | cut -d ' ' -f 1)
  if [ "$(cat "$ledger.made" 2>/dev/null)" != "$made" ] || [ -z "$(find "$ledger" -mtime -3 2>/dev/null)" ]; then
    rm -f "$ledger" "$ledger"-* "$ledger".*
    echo "Filling $ledger (some minutes, once)" >&2
    build/b-fill "sqlite:$ledger" "$1"
    echo "$made" >"$ledger.made"
  fi
}
ledger_copy() {
  rm -f "$1" "$1"-* "$1".*
  for part in "" -wal .key; do
    [ ! -f "$ledger$part" ] || cp --reflink=auto "$ledger$part" "$1$part"
  done
  sync "$1"
}

# --- asking and writing down
field() { printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
calc() { awk "BEGIN { printf \"${2:-%g}\", ($1) }"; }
less() { calc "$1 <= $2" | sed 's/1/ok/;s/0/missed/'; }
metric() { build/b-load "$port" 1 1 GET /metrics --show body | awk -v n="whs_$1" '$1 == n || $1 == n "_total" { print $2 }'; }
load() { # CONNECTIONS REQUESTS METHOD PATH …
  connections=$1 requests=$2
  shift 2
  for pid in $servers; do set -- "$@" --pid "$pid"; done
  if [ -n "$pg_pid" ]; then set -- "$@" --family "$pg_pid"; fi
  build/b-load "$ports" "$connections" "$requests" "$@"
}
get() { load "$1" "$2" GET "$3" --header "Cookie: whs_session=$cookie"; }
post() { # CLIENTS REQUESTS [OPTION VALUE]
  clients=$1 count=$2
  shift 2
  [ $# -gt 0 ] || set -- --header "Authorization: Bearer $token"
  load "$clients" "$count" POST /api/v1/entries "$@" --header 'Content-Type: application/json' \
    --body '{"kind":"document","title":"关于做好防汛工作的通知（第%d号）","source":"市政府办公室转来",
"requirement":"请研究提出意见，于时限前报市政府办公室。","deadline":"2099-12-31T18:00:00+08:00","lead_unit":"市商务局","assist_units":["市财政局"],
"officer":"陈科员","leader":"分管副市长","lists":["年度计划清单","专班清单"]}'
}
login() { # URL
  set -- $(build/b-fill "$1" login)
  cookie=$1 token=$2
}
entry_path() { load 1 1 GET / --header "Cookie: whs_session=$cookie" --show body | grep -o '/entries/[^"]*[0-9]"' | head -n 1 | tr -d '"'; }
