# Sourced, not run: which Python the project uses.

# Prints the first interpreter that starts and is new enough; fails where there is none. PYTHON=… overrides.
# Every candidate is really started: a shim on the PATH may stand for a version that is not active.
find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        path=$(command -v "$candidate") || continue
        if "$path" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$path"
            return 0
        fi
    done
    return 1
}
