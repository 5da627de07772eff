#!/usr/bin/env bash
# Peers of docs/benchmarks.md: what a turn (read the list of 50, update one record) costs each client in CPU time, and how
# many it makes in a second, in turn against one server of this machine. At the end the turn over HTTP and PostgreSQL is
# compared with pgbench's.
#
#   tools/peers.sh [ROUNDS [SECONDS]]      # 5 rounds of 10 s; needs build/occbench (make build)
#
# A peer that is not installed is left out with a line that says so. Turns are the attempts that the server counted;
# occbench's own count has to be the same.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-10} dir=$(mktemp -d)
occbench=$PWD/build/occbench port=$((20000 + RANDOM % 20000))
export URL=http://127.0.0.1:$port TIMEFORMAT='%U %S %R' PEERS_DATE OCC_DURATION=${seconds}s OCC_OPERATORS=20
PEERS_DATE=2030-01-15 # the raw loop knows this day, and the records 1 to 50
"$occbench" serve --addr "127.0.0.1:$port" >"$dir/serve.log" 2>&1 &
server=$!
trap 'kill $server; wait $server || true; rm -r "$dir"' EXIT
go test -c -o "$dir/xk6-occ.test" ./xk6-occ
until curl -fs "$URL/healthz" >/dev/null; do sleep 0.1; done
"$occbench" seed --target "$URL" --records 50 --date "$PEERS_DATE" >/dev/null

attempts() { curl -fs "$URL/metrics" | awk '/^move_latency_seconds_count/ {n += $2} END {print n + 0}'; }

k6() { DATE=$PEERS_DATE "$occbench" k6 run --quiet scenarios/baseline-http.js; }
load() { (cd "$dir" && "$occbench" run --target "$URL" --date "$PEERS_DATE" --records 50 --operators 20 --think 0 --pause 0 --races off --duration "${seconds}s" "$@"); }
raw_loop() { OCC_TEST_RAW="127.0.0.1:$port list $dir/raw.csv ${seconds}s" "$dir/xk6-occ.test"; }
occbench() { load; }
held_list() { load --refresh 2s; }
wrk_lua() { wrk -t 1 -c 20 -d "${seconds}s" -s tools/peers/turn.lua "$URL"; }
vegeta_list() {
	echo "GET $URL/api/admin/appointments/board?date=$PEERS_DATE" |
		vegeta attack -rate 0 -max-workers 20 -duration "${seconds}s" -output "$dir/vegeta.bin"
}

peers="k6 raw_loop occbench held_list"
if command -v wrk >/dev/null; then peers+=" wrk_lua"; else echo "wrk is left out: it is not installed (apt-get install wrk)"; fi
if command -v vegeta >/dev/null; then peers+=" vegeta_list"; else echo "vegeta is left out: it is not installed (go install github.com/tsenart/vegeta/v12@v12.12.0)"; fi
for round in $(seq "$rounds"); do
	for peer in $peers; do
		before=$(attempts)
		{ time "$peer" >"$dir/$peer.log" 2>&1; } 2>"$dir/time" || { tail -n 5 "$dir/$peer.log"; exit 1; }
		turns=$(($(attempts) - before))
		[ "$peer" != vegeta_list ] || turns=$(vegeta report -type json "$dir/vegeta.bin" | grep -o '"requests":[0-9]*' | cut -d: -f2)
		if [ "$peer" = raw_loop ]; then
			own=$(awk -F, '$5 == "update" {n++} END {print n + 0}' "$dir/raw.csv")
			[ "$own" = "$turns" ] || { echo "the raw loop recorded $own attempts and the server counted $turns"; exit 1; }
		elif [ "$peer" = occbench ] || [ "$peer" = held_list ]; then
			history=$(find "$dir/load_test_results" -name history.csv | sort | tail -n 1) # names begin with the time
			turns=$((turns - 2)) # the two by which run looks for other clients before the load
			own=$(awk -F, '$5 == "update" {n++} END {print n + 0}' "$history")
			[ "$own" = "$turns" ] || { echo "occbench recorded $own attempts and the server counted $turns"; exit 1; }
		fi
		awk -v peer="$peer" -v turns="$turns" -v s="$seconds" '{printf "%s %.1f %.0f\n", peer, 1e6 * ($1 + $2) / turns, turns / s}' "$dir/time" | tee -a "$dir/all"
	done
done
echo
echo "peer, µs of CPU a turn and turns a second (of vegeta_list: a GET of the list): min – median – max"
for peer in $peers; do
	for column in 2 3; do
		grep "^$peer " "$dir/all" | cut -d' ' -f$column | sort -n |
			awk -v peer="$peer" '{v[NR] = $1} END {printf "%-12s %s – %s – %s   ", peer, v[1], v[int((NR + 1) / 2)], v[NR]}'
	done
	echo
done
echo
go test -run '^$' -bench AgainstPgbench -benchtime "${rounds}x" -timeout 30m ./reference-server
