#!/bin/sh
# mypy --strict over the layout of the wheel, laid out in links: mypy cannot follow the __path__ that wcag_audit extends in a
# checkout, and would take rules/ and reports/ for packages of their own. $1: the Python that has mypy.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
layout=$root/.mypy_cache/layout

rm -rf "$layout"
mkdir -p "$layout/wcag_audit"
for entry in "$root"/wcag_audit/* "$root/rules" "$root/reports"; do
    [ ! -e "$entry" ] || ln -s "$entry" "$layout/wcag_audit/"
done
cd "$layout"
exec "${1:-python3}" -m mypy --config-file "$root/pyproject.toml" --cache-dir "$root/.mypy_cache" -p wcag_audit
