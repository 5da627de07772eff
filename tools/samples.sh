#!/usr/bin/env bash
# Makes sample reports of docs/samples with build/occbench: each is a run of this
# machine against a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
occbench=$PWD/build/occbench
out=$PWD/docs/samples
work=$(mktemp -d)
server=''
stop() { [ -z "$server" ] || { kill "$server" && wait "$server" || true; }; server=''; }
trap 'stop; rm -rf "$work"' EXIT
cd "$work"

# sample NAME WANT ARGUMENTS makes a report of a run that must end with an exit code.
sample() {
	local name=$1 want=$2 code=0
	shift 2
	"$occbench" validate --quiet --out runs "$@" || code=$?
	[ "$code" = "$want" ] || { echo "$name ended with $code, want $want" >&2; exit 1; }
	cp runs/latest/report.html "$out/$name.html"
	rm -rf runs
}

# serve ARGUMENTS starts a server and prints nothing before it answers.
serve() {
	"$occbench" serve --addr 127.0.0.1:0 "$@" 2>server.log &
	server=$!
	until url=$(sed -n 's/.* on \(http:[^,]*\),.*/\1/p' server.log) && [ -n "$url" ]; do sleep 0.1; done
}

serve
sample inconclusive 3 --target "$url" --without-cloudwatch --duration 3s --operators 1 --force
stop
serve --api etag --fault lost-update
sample items 1 --api etag --target "$url" --duration 15s --operators 20 --think 100ms --pause 100ms --force
stop
sample bundled 1 --fault lost-update --duration 15s --operators 20 --think 100ms --pause 100ms --force
