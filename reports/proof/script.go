package proof

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/shell"
)

// Reproduction holds the facts of a run that its script needs.
type Reproduction struct {
	API     *api.API
	APIName string // as --api takes it
	Target  string // empty: the bundled server, which the script starts
	Fault   string // of the bundled server
	Tag     string
}

// Stand-ins for what the script fills in. Integers must stay integers in a body.
const (
	anyNumber = "424242424242"
	anyToken  = "OCCBENCH_TOKEN"
	anyRecord = "OCCBENCH_RECORD"
	anyMarker = "OCCBENCH_MARKER"
	anyState  = "OCCBENCH_STATE"
)

// Script returns a shell script that plays a lost update again: it reads the current
// token, sends several updates with it at once, and says whether more than one was
// applied. ok is false for other anomalies, and where curl and jq cannot do it: no read
// of a single record, credentials, or a conflict that has the status of a success.
func Script(f *check.Anomaly, r Reproduction) (script string, ok bool) {
	a := r.API
	if f.ID != check.OCC01 || a.Read == nil || a.Update.ConflictsWith(200) || a.Auth != "" {
		return "", false
	}
	token, known := a.Read.TokenCommand(`"$answer/head"`, `"$answer/body"`)
	state, shown := a.Read.StateCommand(`"$answer/head"`, `"$answer/body"`)
	read, err := a.Read.Curl("$target", &api.Vars{ID: anyRecord, Tag: r.Tag}, nil)
	update, sent := updateCommand(a, r.Tag)
	if !known || !shown || err != nil || !sent {
		return "", false
	}
	var b strings.Builder
	fmt.Fprintf(&b, `#!/bin/sh
# Plays again: %s
# It reads the current token, sends 8 updates with it at once, and counts those that are
# applied: a correct server applies one. Needs curl and jq%s.
#
#   sh reproduce.sh [TARGET [RECORD [ROUNDS]]]
set -eu
target=${1:-%s}
record=${2:-%s}
rounds=${3:-50}
answer=$(mktemp -d)
server=
need() { command -v "$1" >/dev/null || { echo "reproduce.sh: $1 is not on the PATH"; exit 4; }; }
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$answer"' EXIT
need curl
need jq
`, joinLines(f.Sentence), describeNeeds(r), shell.QuoteIfNeeded(r.Target), shell.QuoteIfNeeded(f.Record))
	if r.Target == "" {
		fmt.Fprintf(&b, `
if [ -z "$target" ]; then # the run was against occbench's own server, which ended with it
	need occbench
	occbench serve --api %[1]s --addr "127.0.0.1:${PORT:-0}"%[2]s 2>"$answer/serve" &
	server=$!
	until target=$(sed -n 's/.* on \(http:[^,]*\),.*/\1/p' "$answer/serve"); [ -n "$target" ] &&
		occbench seed --api %[1]s --target "$target" --tag %[3]s --records 4 --format json >"$answer/seed" 2>"$answer/why"; do
		kill -0 "$server" 2>/dev/null || { cat "$answer/serve"; exit 4; }
		sleep 0.2
	done
	record=${2:-$(jq -r '.ids[0]' "$answer/seed")}
fi
`, shell.QuoteIfNeeded(r.APIName), faultFlag(r.Fault), shell.QuoteIfNeeded(r.Tag))
	}
	fmt.Fprintf(&b, `
look() { %s -o "$answer/body" -D "$answer/head"; token=$(%s); state=$(%s); }
send() { %s -o /dev/null -w '%%{http_code}\n'; }

for round in $(seq "$rounds"); do
	look
%s	: >"$answer/codes"
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
`, fillVariables(read), token, orTrue(state), update, describeTransitions(a))
	return b.String(), true
}

// updateCommand is the update as a command whose values the script fills in.
func updateCommand(a *api.API, tag string) (string, bool) {
	v := &api.Vars{ID: anyRecord, To: anyState, Marker: anyMarker, Tag: tag, Token: []byte(anyToken)}
	if a.Counting {
		v.Token = []byte(anyNumber)
	}
	line, err := withBody(&a.Update.Request, "$target", v)
	return fillVariables(line), err == nil
}

// fillVariables replaces the placeholders of a line with shell variables.
// Single quotes around a placeholder are closed before it and opened again
// behind it.
func fillVariables(line string) string {
	return strings.NewReplacer(
		"'$target", `"$target"'`,
		anyNumber, `'"$token"'`,
		anyToken, `'"$token"'`,
		anyRecord, `'"$record"'`,
		anyState, `'"$to"'`,
		anyMarker, `repro-'"$$-$1"'`,
	).Replace(line)
}

// describeTransitions says which state each update asks for: one that is legal
// from the state of the record.
func describeTransitions(a *api.API) string {
	if len(a.States.Names) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\tcase $state in\n")
	for _, from := range a.States.Names {
		if to := a.States.FindOnward(from); to != "" {
			fmt.Fprintf(&b, "\t%s) to=%s ;;\n", shell.QuoteIfNeeded(from), shell.QuoteIfNeeded(to))
		}
	}
	b.WriteString("\t*) echo \"record $record is in state '$state', from which no update leads on\"; exit 4 ;;\n\tesac\n")
	return b.String()
}

func orTrue(command string) string {
	if command == "" {
		return "true"
	}
	return command
}

func describeNeeds(r Reproduction) string {
	if r.Target == "" {
		return ", and occbench to start its own server"
	}
	return ""
}

func faultFlag(fault string) string {
	if fault == "" {
		return ""
	}
	return " --fault " + shell.QuoteIfNeeded(fault)
}

// longest is how much of a sentence is kept in a comment.
const longest = 200

// joinLines returns a text of the target on one line, so that it stays within
// a comment.
func joinLines(text string) string {
	return shortenText(strings.Join(strings.Fields(text), " "), longest)
}
