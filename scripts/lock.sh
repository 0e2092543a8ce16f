#!/bin/sh
# Writes requirements.lock and requirements-dev.lock from pyproject.toml, with hashes. Needs a package index, and the oldest
# Python that the project supports: newer ones would pin what that one cannot install.
# Further arguments go to pip-compile (for example --upgrade, or --upgrade-package NAME).
set -eu
cd "$(dirname "$0")/.."
. scripts/python.sh

PYTHON=${PYTHON:-python3.11}
python=$(find_python) || { echo "lock: no $PYTHON; name it with PYTHON=" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work"
"$work/bin/python" -m pip install --quiet --disable-pip-version-check pip-tools

compile() {
    CUSTOM_COMPILE_COMMAND="make lock" "$work/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --constraint scripts/lock-constraints.txt "$@" pyproject.toml
}

compile --output-file requirements.lock "$@"
compile --extra dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
