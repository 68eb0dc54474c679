#!/bin/sh
# Runs pytest on both cores. Usage: scripts/test.sh [ARGUMENT OF PYTEST…]
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/python -m pytest --numprocesses "${TEST_PROCESSES:-2}" --dist loadfile --no-loadscope-reorder "$@"
