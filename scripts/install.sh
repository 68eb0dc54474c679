#!/bin/sh
# Builds .venv where it is missing, and installs a requirements file only when it has changed.
# Usage: scripts/install.sh requirements.txt
set -eu
cd "$(dirname "$0")/.."
requirements=$1
python=.venv/bin/python
installed=.venv/installed-$requirements

usable() { # a Python of at least 3.11
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Parley needs Python 3.11 or newer${PYTHON:+, and PYTHON=$PYTHON is not}." >&2
    echo "Name it if it is installed: make run PYTHON=/path/to/python3.12" >&2
    exit 1
}

make_venv() {
    found=$(find_python) || exit 1
    if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$found comes without venv and pip. Install them, then try again:" >&2
        echo "  Debian, Ubuntu:  apt-get install python3-venv" >&2
        exit 1
    fi
    echo "Building .venv with $("$found" --version) …"
    "$found" -m venv --clear .venv
}

usable "$python" || make_venv
if ! cmp -s "$requirements" "$installed"; then
    echo "Installing $requirements …"
    "$python" -m pip install --quiet --requirement "$requirements"
    cp "$requirements" "$installed"
fi
