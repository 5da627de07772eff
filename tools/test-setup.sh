#!/usr/bin/env bash
# Installs the servers that the tests run against, where they are missing and
# apt may be used. What cannot be installed is said in one line; its tests then
# skip, or fail when OCCBENCH_REQUIRE names it.
set -euo pipefail

has_postgres() {
	command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

apt_install() {
	local sudo=()
	if [ "$(id -u)" -ne 0 ]; then
		sudo -n true 2>/dev/null || return 1
		sudo=(sudo -n)
	fi
	command -v apt-get >/dev/null || return 1
	"${sudo[@]}" apt-get update -qq &&
		"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# want NAME PACKAGE… installs packages, or says whose tests skip.
want() {
	local name=$1
	shift
	echo "test-setup: installing $name through apt"
	apt_install "$@" ||
		echo "test-setup: no $name and apt may not be used here; its tests skip (apt-get install $*)" >&2
}

has_postgres || want PostgreSQL postgresql
# The browser without windows starts in half the time; not every distribution has it.
if ! command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null; then
	echo "test-setup: installing Chromium through apt"
	apt_install chromium-headless-shell 2>/dev/null || want Chromium chromium
fi
[ -x /usr/bin/aws ] || want 'the AWS CLI' awscli
command -v xmllint >/dev/null || want xmllint libxml2-utils
command -v node >/dev/null || want Node.js nodejs npm
