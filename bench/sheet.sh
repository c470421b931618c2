#!/bin/sh
# bench/sheet.sh [ROWS]   sheets of ROWS (100,000) rows in and out, csv and xlsx, on both engines; prints one table. Each row of the sheet has a lead unit, an
# assisting one, an officer, a leader, a list and a deadline, and nine of ten are settled: two acts. docs/bench.md says what the table means.
set -eu
cd "$(dirname "$0")/.."
rows=${1:-100000}
. bench/common.sh
build whs
work=$dir/sheet
mkdir -p "$work"
clean() {
  cluster_stop
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

row() { printf '| %-10s | %-34s | %8s | %8s | %-6s | %s\n' "$1" "$2" "$3" "$4" "$5" "$6"; }
awk -v n="$rows" 'BEGIN {
  split("市商务局 市科技局 市财政局 市教育局 市交通局 市卫健委 市住建局 市民政局", u, " "); split("王副市长 李副市长 赵市长", l, " "); split("重点工作 年度安排 三抓工作", q, " ")
  print "number,kind,genre,role,title,source,requirement,received,deadline,no_deadline_reason,lead_unit,assist_units,officer,leader,lists,urgent,state,settled,result"
  for (i = 0; i < n; i++) {
    m = 1 + int(i * 9 / n); d = 1 + i % 20; ended = i % 10
    printf ",document,通知,drafted,关于报送第%d号事项办理情况的通知,省政府办公厅来文,按要求汇总各单位情况并按时报送,2022-%02d-%02d,2022-%02d-%02d,,%s,%s,张科员,%s,%s,false,%s,%s,%s\n",
      i + 1, m, d, m, d + 7, u[1 + i % 8], u[1 + (i + 3) % 8], l[1 + i % 3], q[1 + i % 3], ended ? "settled" : "active", ended ? sprintf("2022-%02d-%02d", m, d + 5) : "", ended ? "已按时报送" : ""
  }
}' >"$work/in.csv"

# Seconds and memory of one command; its output is in $work/out.
run() {
  /usr/bin/time -f '%e %M' -o "$work/time" build/whs --db "$url" --json "$@" >"$work/out"
  seconds=$(cut -d ' ' -f 1 "$work/time") memory=$(cut -d ' ' -f 2 "$work/time")
  above=$(calc "($memory - $base) / 1024" %.0f)
}
out() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out"; }
measure() { # ENGINE
  base=0
  build/whs --db "$url" init >/dev/null
  run user list
  base=$memory above=0
  for format in csv xlsx; do
    [ $format = csv ] || build/whs --db "$other" init >/dev/null
    [ $format = csv ] || url=$other
    run import entries "$work/in.$format" --create-units
    [ "$(out new)" = "$rows" ] || { echo "not all rows were taken" >&2; exit 1; }
    writer=$(calc "$(out writer_ms) / 1000" %.2f)
    row "$1" "in, $format, the writer, s" "$writer" "<= 3" "$(less "$writer" 3)" "whole command $seconds s"
    row "$1" "in, $format, memory above idle, MB" "$above" "<= 64" "$(less "$above" 64)" ""
    build/whs --db "$url" verify >/dev/null
    for to in csv xlsx; do
      run export entries "$work/out.$to"
      row "$1" "out, $to, s" "$seconds" "<= 3" "$(less "$seconds" 3)" "memory above idle $above MB, $(($(wc -c <"$work/out.$to") / 1024)) KB"
    done
    run import entries "$work/out.$format" --dry-run
    [ "$(out unchanged)" = "$rows" ] || { echo "an export is not what it was made of" >&2; exit 1; }
    row "$1" "looked at again, $format, s" "$seconds" "" "" "all unchanged; memory above idle $above MB"
    cp "$work/out.xlsx" "$work/in.xlsx"
  done
}

echo "$(date -u +%Y-%m-%d), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), $rows rows"
row "" "" "measured" "target" "" "beside it"
row "---" "---" "---" "---" "---" "---"
url="sqlite:$work/a.db" other="sqlite:$work/b.db"
measure SQLite
cluster_start
sql postgres "CREATE DATABASE a" && sql postgres "CREATE DATABASE b"
export WHS_KEY="$work/pg.key"
url=$(pg_url a) other=$(pg_url b)
measure PostgreSQL
