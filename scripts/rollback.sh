#!/bin/sh
# The runbook's name for `occbench rollback`: rollback.sh [FILE] [flags]. It asks
# nothing and drops nothing.
exec "${OCCBENCH:-occbench}" rollback "$@"
