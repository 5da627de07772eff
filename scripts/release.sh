#!/bin/sh
# The runbook's name for `occbench release`: release.sh TAG [flags].
exec "${OCCBENCH:-occbench}" release "$@"
