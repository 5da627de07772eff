#!/usr/bin/env bash
# Gates a build on occbench: installs a release where occbench is missing, checks
# it by its checksum, and validates. The exit code is occbench's own: 0 PASS, 1
# FAIL, 2 usage, 3 INCONCLUSIVE, 4 the job could not be done.
#
#   occbench-ci.sh [ARGUMENTS]      occbench validate ARGUMENTS
#   occbench-ci.sh --install DIR    only puts a release's occbench into DIR
#
# URL                base URL of the move API; bundled asks for a demonstration
#                    on occbench's own server
# OCCBENCH_VERSION   the release to install
# OCCBENCH_OUT       folder of the run directories; each holds junit.xml
# OCCBENCH_MIRROR    where releases lie, instead of GitHub
# Every other setting is a variable too: https://github.com/occbench/occbench/blob/main/docs/configuration.md
set -euo pipefail

releases=${OCCBENCH_MIRROR:-https://github.com/occbench/occbench/releases/download}

die() {
	echo "occbench-ci: $*" >&2
	exit 4
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

# install DIR puts the occbench of the release into DIR.
install_release() {
	local dir=$1 version os archive folder want got
	version=${OCCBENCH_VERSION:-}
	version=${version#v}
	if [ -z "$version" ]; then
		echo 'occbench-ci: no occbench on the PATH; name a release to install: OCCBENCH_VERSION=v1.2.3' >&2
		exit 2
	fi
	os=$(system)
	archive=occbench_${version}_${os}_$(machine)
	if [ "$os" = windows ]; then archive=$archive.zip; else archive=$archive.tar.gz; fi
	mkdir -p "$dir"
	folder=$(mktemp -d)
	# shellcheck disable=SC2064 # the folder of now, not of later
	trap "rm -rf '$folder'" EXIT
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
}

if [ "${1:-}" = --install ]; then
	if [ $# -ne 2 ]; then
		echo 'usage: occbench-ci.sh --install DIR' >&2
		exit 2
	fi
	install_release "$2"
	exit 0
fi
if ! command -v occbench >/dev/null; then
	install_release "$PWD/.occbench"
	export PATH="$PWD/.occbench:$PATH"
fi
# An unset variable must not turn the gate into a test of occbench's own server.
if [ -z "${URL:-}" ] && [[ " $* " != *" --target"[\ =]* ]] && ! grep -qsE '^target: *[^ #]' occbench.yaml; then
	echo 'occbench-ci: URL is empty, so there is nothing to test: set it to the base URL of the move API, or to bundled for a demonstration' >&2
	exit 2
fi
occbench version
occbench validate --out "${OCCBENCH_OUT:-load_test_results}" "$@"
