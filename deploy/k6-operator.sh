#!/usr/bin/env bash
# Runs occbench-k6-operator.yaml, which lies beside it, step by step. Its exit code is
# occbench's own: 0 PASS, 1 FAIL, 2 usage, 3 INCONCLUSIVE, 4 the job could not be done.
#
#   occbench-k6-operator.sh [RUN]
#
# RUN              name of the run, of objects and folders: new each time; made from the time
# OCCBENCH_LIMIT   seconds that one step may take; 3600
#
# kubectl must be on the PATH and point at the namespace of the run.
set -euo pipefail

file=$(cd "$(dirname "$0")" && pwd)/occbench-k6-operator.yaml
run=${1:-occbench-$(date -u +%Y%m%d-%H%M%S)}
limit=${OCCBENCH_LIMIT:-3600}
pause=${OCCBENCH_POLL:-5}

die() {
	echo "occbench-k6-operator: $*" >&2
	exit 4
}

[[ $run =~ ^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$ ]] || {
	echo "occbench-k6-operator: \"$run\" is no name of at most 40 small letters, digits and hyphens" >&2
	exit 2
}

# apply STEP applies the objects of one step.
apply() {
	sed "s/occbench-run/$run/g" "$file" | kubectl apply -f - -l "occbench/step=$1" || die "applying the step $1 failed"
}

# await WHAT COMMAND... prints what the command prints as soon as that is something.
await() {
	local what=$1 said
	shift
	local until=$((SECONDS + limit))
	while ((SECONDS <= until)); do
		said=$("$@") || true
		if [ -n "$said" ]; then
			echo "$said"
			return
		fi
		sleep "$pause"
	done
	die "$what has not ended within $limit seconds"
}

# code JOB prints the exit code of its pod, once it has ended.
code() {
	kubectl get pods -l "job-name=$1" -o 'jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}' 2>/dev/null
}

# stage prints the stage of the test run, once it is the last one.
stage() {
	kubectl get "testrun/$run" -o 'jsonpath={.status.stage}' | grep -E '^(finished|error|stopped)$'
}

apply prepare
apply seed
seeded=$(await "the job $run-seed" code "$run-seed")
kubectl logs "job/$run-seed" >&2 || true
[ "$seeded" = 0 ] || exit "$seeded"
apply load
ended=$(await "the test run $run" stage)
[ "$ended" = finished ] || die "the test run $run has ended in the stage $ended; kubectl describe testrun/$run"
apply verdict
verdict=$(await "the job $run-verdict" code "$run-verdict")
kubectl logs "job/$run-verdict" || true
exit "$verdict"
