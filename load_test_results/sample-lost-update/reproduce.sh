#!/bin/sh
# Plays again: Two moves of appointment 13 were both confirmed although both started from version 3, so one was overwritten.
# It reads the current token, sends 8 updates with it at once, and counts those that are
# applied: a correct server applies one. Needs curl and jq, and occbench to start its own server.
#
#   sh reproduce.sh [TARGET [RECORD [ROUNDS]]]
set -eu
target=${1:-''}
record=${2:-13}
rounds=${3:-50}
answer=$(mktemp -d)
server=
need() { command -v "$1" >/dev/null || { echo "reproduce.sh: $1 is not on the PATH"; exit 4; }; }
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$answer"' EXIT
need curl
need jq

if [ -z "$target" ]; then # the run was against occbench's own server, which ended with it
	need occbench
	occbench serve --api appointments --addr "127.0.0.1:${PORT:-0}" --fault lost-update 2>"$answer/serve" &
	server=$!
	until target=$(sed -n 's/.* on \(http:[^,]*\),.*/\1/p' "$answer/serve"); [ -n "$target" ] &&
		occbench seed --api appointments --target "$target" --tag load --records 4 --format json >"$answer/seed" 2>"$answer/why"; do
		kill -0 "$server" 2>/dev/null || { cat "$answer/serve"; exit 4; }
		sleep 0.2
	done
	record=${2:-$(jq -r '.ids[0]' "$answer/seed")}
fi

look() { curl -sS "$target"'/api/admin/appointments/'"$record"'' -o "$answer/body" -D "$answer/head"; token=$(jq -r '.["data"]?["version"]?' "$answer/body"); state=$(jq -r '.["data"]?["status"]?' "$answer/body"); }
send() { curl -sS -X POST -H 'Content-Type: application/json' --data '{"new_status":"'"$to"'","expected_version":'"$token"'}' "$target"'/api/admin/appointments/'"$record"'/move' -o /dev/null -w '%{http_code}\n'; }

for round in $(seq "$rounds"); do
	look
	case $state in
	scheduled) to=in_progress ;;
	in_progress) to=ready ;;
	ready) to=in_progress ;;
	no_show) to=scheduled ;;
	*) echo "record $record is in state '$state', from which no update leads on"; exit 4 ;;
	esac
	: >"$answer/codes"
	i=0
	while [ "$i" -lt 8 ]; do
		i=$((i + 1))
		send "$i" >>"$answer/codes" &
		sent="${sent-} $!"
	done
	for pid in $sent; do wait "$pid" || true; done
	sent=
	applied=$(grep -c '^2' "$answer/codes" || true)
	if [ "$applied" -gt 1 ]; then
		echo "reproduced in round $round: $applied of 8 updates with token $token were applied; one is right"
		exit 1
	fi
done
echo "not reproduced: in none of $rounds rounds was more than one update applied; the last answers: $(sort "$answer/codes" | uniq -c | xargs)"
