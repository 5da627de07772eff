#!/usr/bin/env bash
# Makes what a package holds beside the program, in the folder that the argument
# names: shell completions and manual pages. OCCBENCH names a program that is
# built already; without it one is built for this machine.
set -euo pipefail
out=${1:?usage: tools/package-docs.sh FOLDER}
cd "$(dirname "$0")/.."
occbench=${OCCBENCH:-build/occbench}
if [ -z "${OCCBENCH:-}" ]; then
	go build -o "$occbench" ./cmd/occbench
fi
rm -rf "$out/completions" "$out/man"
mkdir -p "$out/completions"
"$occbench" completion bash >"$out/completions/occbench.bash"
"$occbench" completion zsh >"$out/completions/_occbench"
"$occbench" completion fish >"$out/completions/occbench.fish"
"$occbench" completion powershell >"$out/completions/occbench.ps1"
"$occbench" man "$out/man"
