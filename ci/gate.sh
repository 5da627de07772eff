#!/usr/bin/env bash
# Gates a change on occbench: installs a release where occbench is missing, checks
# it by its checksum, starts the service under test, validates it, and compares
# with a baseline. The exit code is occbench's own: 0 PASS, 1 FAIL or worse than
# the baseline, 2 usage, 3 INCONCLUSIVE, 4 the job could not be done.
#
#   occbench-ci.sh [ARGUMENTS]      occbench validate ARGUMENTS
#   occbench-ci.sh --install DIR    only puts a release's occbench into DIR
#
# URL                base URL of the API; bundled asks for a demonstration on
#                    occbench's own server
# OCCBENCH_START     command that starts the service of this checkout, such as
#                    docker compose up --build; not used where URL names another machine
# OCCBENCH_HEALTH    URL that answers with success once the service is ready; without
#                    it any answer at URL will do
# OCCBENCH_START_TIMEOUT   seconds until it must answer; 120
# OCCBENCH_BASELINE  folder with a run of the main branch, or the URL of a zip file
#                    of one; OCCBENCH_BASELINE_HEADER is sent with the request
# OCCBENCH_FAIL_IF_WORSE   share of the baseline by which a line may be worse; 25%, since machines differ
# OCCBENCH_VERSION   the release to install; a branch or commit is built with Go
# OCCBENCH_OUT       folder of the run directories; each holds junit.xml
# OCCBENCH_MIRROR    where releases lie, instead of GitHub
# Every other setting is a variable too: https://github.com/occbench/occbench/blob/main/docs/configuration.md
set -euo pipefail

pin=v0.0.0 # filled in by occbench init
version=${OCCBENCH_VERSION:-$pin}
releases=${OCCBENCH_MIRROR:-https://github.com/occbench/occbench/releases/download}
out=${OCCBENCH_OUT:-load_test_results}
folder='' # of temporary files
service='' # process group of the service

clean_up() {
	if [ -n "$service" ]; then
		kill -TERM -- "-$service" 2>/dev/null || true
		wait "$service" 2>/dev/null || true
	fi
	[ -z "$folder" ] || rm -rf "$folder"
}
trap clean_up EXIT

# say TITLE TEXT tells a person; GitHub shows it beside the change.
say() {
	echo "occbench-ci: $2" >&2
	if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::$1 title=occbench::$2"; fi
}

die() {
	say error "$1"
	exit "${2:-4}"
}

system() {
	case "$(uname -s)" in
	Linux) echo linux ;;
	Darwin) echo darwin ;;
	MINGW* | MSYS* | CYGWIN*) echo windows ;;
	*) die "no release for $(uname -s); build occbench from its source" ;;
	esac
}

machine() {
	case "$(uname -m)" in
	x86_64 | amd64) echo amd64 ;;
	arm64 | aarch64) echo arm64 ;;
	*) die "no release for $(uname -m); build occbench from its source" ;;
	esac
}

sha256() {
	if command -v sha256sum >/dev/null; then
		sha256sum "$1"
	else
		shasum -a 256 "$1"
	fi | cut -d' ' -f1
}

# install_occbench DIR puts the occbench of the version into DIR.
install_occbench() {
	local dir=$1 os archive want got
	version=${version#v}
	if [ "$version" = 0.0.0 ]; then
		die 'no occbench on the PATH; name a release to install: OCCBENCH_VERSION=v1.2.3' 2
	fi
	mkdir -p "$dir"
	if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]]; then
		GOBIN=$(cd "$dir" && pwd) go install "github.com/occbench/occbench/cmd/occbench@$version" ||
			die "building occbench at $version with go install"
		return
	fi
	os=$(system)
	archive=occbench_${version}_${os}_$(machine)
	if [ "$os" = windows ]; then archive=$archive.zip; else archive=$archive.tar.gz; fi
	folder=$(mktemp -d)
	for file in checksums.txt "$archive"; do
		curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$releases/v$version/$file" ||
			die "downloading $releases/v$version/$file"
	done
	want=$(awk -v name="$archive" '$2 == name { print $1 }' "$folder/checksums.txt")
	got=$(sha256 "$folder/$archive")
	if [ -z "$want" ] || [ "$want" != "$got" ]; then
		die "$archive has the checksum $got and not ${want:-one in checksums.txt}; it is not installed"
	fi
	case "$archive" in
	*.zip) unzip -o -q "$folder/$archive" occbench.exe -d "$dir" ;;
	*) tar -xzf "$folder/$archive" -C "$dir" occbench ;;
	esac
	rm -rf "$folder"
	folder=''
}

# is_answered reports whether the service is ready.
is_answered() {
	if [ -n "${OCCBENCH_HEALTH:-}" ]; then
		curl --fail --silent --max-time 5 --output /dev/null "$OCCBENCH_HEALTH"
	else
		curl --silent --max-time 5 --output /dev/null "$URL"
	fi
}

# start_service starts the service of this checkout and waits until it is ready.
start_service() {
	local at=${OCCBENCH_HEALTH:-$URL} limit=${OCCBENCH_START_TIMEOUT:-120} log=$out/service.log code=0 end
	if is_answered; then
		die "something answers at $at before the service was started, so another program would be judged"
	fi
	mkdir -p "$out"
	set -m # a process group of its own, so that all of it can be ended
	bash -c "$OCCBENCH_START" >"$log" 2>&1 </dev/null &
	service=$!
	set +m
	end=$((SECONDS + limit))
	until is_answered; do
		if [ -n "$service" ] && ! kill -0 "$service" 2>/dev/null; then
			wait "$service" || code=$?
			service='' # it has gone into the background by itself, or failed
			if [ "$code" != 0 ]; then
				tail -n 20 "$log" >&2
				die "the service ended with exit code $code before it answered at $at: $OCCBENCH_START"
			fi
		fi
		if [ "$SECONDS" -ge "$end" ]; then
			tail -n 20 "$log" >&2
			die "the service has not answered at $at within $limit s: $OCCBENCH_START"
		fi
		sleep 0.2
	done
	echo "occbench-ci: the service answers at $at after $((SECONDS - end + limit)) s" >&2
}

# find_run DIR prints the newest run directory in a folder.
find_run() {
	if [ -d "$1/raw" ]; then
		echo "$1"
	elif [ -d "$1" ]; then
		find "$1" -type d -name 'k6_move_*' | awk -F/ '{ print $NF " " $0 }' | sort | tail -n 1 | cut -d' ' -f2-
	fi
}

# fetch_baseline prints the folder of the baseline; nothing where there is none.
fetch_baseline() {
	case "$OCCBENCH_BASELINE" in
	http://* | https://*)
		if curl --fail --silent --show-error --location --retry 3 --header "${OCCBENCH_BASELINE_HEADER:-Accept: */*}" \
			--output "$folder/baseline.zip" "$OCCBENCH_BASELINE" && unzip -q "$folder/baseline.zip" -d "$folder/baseline"; then
			echo "$folder/baseline"
		fi
		;;
	*) echo "$OCCBENCH_BASELINE" ;;
	esac
}

# compare_runs says whether the run is worse than the baseline. What cannot be
# compared, such as the first run or one under another load, is said and not held
# against the change.
compare_runs() {
	local base run code=0
	folder=$(mktemp -d)
	base=$(find_run "$(fetch_baseline)")
	run=$(find_run "$out")
	if [ -z "$run" ]; then return; fi
	if [ -z "$base" ]; then
		say notice 'there is no run of the main branch to compare with yet'
		return
	fi
	occbench compare --format md --fail-if-worse "${OCCBENCH_FAIL_IF_WORSE:-25%}" "$base" "$run" >"$out/compare.md" || code=$?
	cat "$out/compare.md"
	if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
		{ printf '\n'; cat "$out/compare.md"; } >>"$GITHUB_STEP_SUMMARY"
	fi
	case $code in
	0) ;;
	1) say error "worse than the main branch by more than ${OCCBENCH_FAIL_IF_WORSE:-25%}" ;;
	3) say warning 'too few updates to tell whether this is worse than the main branch' ;;
	*)
		say warning 'this run cannot be compared with that of the main branch'
		code=0
		;;
	esac
	return "$code"
}

if [ "${1:-}" = --install ]; then
	if [ $# -ne 2 ]; then
		echo 'usage: occbench-ci.sh --install DIR' >&2
		exit 2
	fi
	install_occbench "$2"
	exit 0
fi
if ! command -v occbench >/dev/null; then
	install_occbench "$PWD/.occbench"
	export PATH="$PWD/.occbench:$PATH"
fi
# An unset variable must not turn the gate into a test of occbench's own server.
if [ -z "${URL:-}" ] && [[ " $* " != *" --target"[\ =]* ]] && ! grep -qsE '^target: *[^ #]' occbench.yaml; then
	die 'URL is empty, so there is nothing to test: set it to the base URL of the API, or to bundled for a demonstration' 2
fi
occbench version
if [ -n "${OCCBENCH_START:-}" ]; then
	case "${URL:-}" in
	http://127.* | http://localhost | http://localhost[:/]* | http://\[::1\]*) start_service ;;
	*) echo "occbench-ci: ${URL:-the target} is not on this machine: the service is not started" >&2 ;;
	esac
fi
result=0
occbench validate --out "$out" "$@" || result=$?
if [ -n "${OCCBENCH_BASELINE:-}" ]; then
	compared=0
	compare_runs || compared=$?
	if [ "$result" = 0 ]; then result=$compared; fi
fi
exit "$result"
