#!/bin/sh
# Sets up all that auditing and testing need: .venv with the locked dependencies, a browser, fonts for Vietnamese.
# Does nothing, quickly, where all of it is there. Where something is missing that it may not install: one line with the
# command to run, and exit code 1. What pip, apt-get and Playwright say is kept in .venv/set-up.log.
set -eu
cd "$(dirname "$0")/.."
. scripts/python.sh

DEBIAN_BROWSERS="chromium-headless-shell chromium chromium-driver"
DEBIAN_FONTS="fontconfig fonts-noto-core"
DEBIAN_LIBRARY=libatomic1
venv_python=.venv/bin/python
stamp=.venv/set-up.stamp
log=.venv/set-up.log

say() { echo "set-up: $*" >&2; }
stop() { say "$*"; exit 1; }

# --- what is there ---------------------------------------------------------------------------------------------------
fingerprint() { { pwd; cat requirements-dev.lock pyproject.toml scripts/setup.sh; } | cksum; }
has_browser() { "$venv_python" -c 'from wcag_audit.browser.find import find_browser; find_browser()' 2>/dev/null; }
driver_runs() { "$venv_python" -m playwright --version >>"$log" 2>&1 </dev/null; }
has_fonts() { [ -n "$(fc-list :lang=vi family 2>/dev/null)" ]; }
has_selenium_browser() {
    "$venv_python" -c 'from wcag_audit.browser.find import *; raise SystemExit(not (find_chromedriver() and find_chromium_for_selenium()))'
}
browser_starts() {
    "$venv_python" -c 'from wcag_audit.browser.find import find_browser; from wcag_audit.doctor import start; start(find_browser())' \
        >>"$log" 2>&1
}

# --- who may install -------------------------------------------------------------------------------------------------
may_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo && sudo -n true; } >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_apt() { command -v apt-get >/dev/null && may_be_root; }
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y "$@" </dev/null >>"${log_apt:-$log}" 2>&1; }

# The package lists of a fresh machine are empty or old, hence the second try.
apt_install() {
    may_apt || return 1
    say "apt-get install $*"
    apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; }
}

# --- Python ----------------------------------------------------------------------------------------------------------
# A fresh Debian has no ensurepip. Then: the package that brings it, or the pip of the system working on a venv without one.
make_venv() {
    python=$(find_python) || stop "no Python 3.11 or newer: sudo apt-get install -y python3 python3-venv"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        log_apt=/dev/null apt_install "python$version-venv" || log_apt=/dev/null apt_install python3-venv || true
    fi
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 && return
    rm -rf .venv
    if "$python" -m venv --without-pip .venv && "$python" -m pip --python .venv install --quiet pip 2>/dev/null; then
        return
    fi
    rm -rf .venv
    stop "this Python cannot make a virtual environment: sudo apt-get install -y python$version-venv"
}

pip_install() {
    "$venv_python" -m pip install --quiet --disable-pip-version-check --no-input "$@" >>"$log" 2>&1 && return
    tail -n 5 "$log" >&2
    stop "pip stopped; $log has all of its words. With the package index in reach again, run: make setup"
}

install_packages() {
    say "installing the locked dependencies into .venv"
    pip_install --require-hashes -r requirements-dev.lock
    pip_install --no-deps --no-build-isolation --editable .
    "$venv_python" -m compileall -q wcag_audit rules reports
}

# --- browser and fonts -----------------------------------------------------------------------------------------------
# One socket that stays silent for 10 s ends a try, five minutes end them all: a closed network answers neither yes nor no.
download_playwright_browser() {
    say "downloading Playwright's browser"
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 timeout 300 "$venv_python" -m playwright install --only-shell chromium \
        >>"$log" 2>&1 </dev/null || return 1
    browser_starts && return
    may_apt && as_root env DEBIAN_FRONTEND=noninteractive "$PWD/$venv_python" -m playwright install-deps chromium \
        >>"$log" 2>&1 </dev/null && browser_starts
}

# The Node.js inside Playwright needs a library that a minimal Debian lacks and that no browser's package brings.
install_driver_library() {
    driver_runs && return
    apt_install "$DEBIAN_LIBRARY" && driver_runs && return
    stop "Playwright does not start ($log says why): sudo apt-get install -y $DEBIAN_LIBRARY"
}

install_browser() {
    has_browser && browser_starts && return
    download_playwright_browser && return
    # shellcheck disable=SC2086  # a list of packages
    apt_install $DEBIAN_BROWSERS && browser_starts && return
    stop "no browser starts ($log says why): sudo apt-get install -y $DEBIAN_BROWSERS $DEBIAN_FONTS" \
        "(Debian), or: sudo $PWD/$venv_python -m playwright install --with-deps chromium (Ubuntu)"
}

install_selenium_browser() {
    has_selenium_browser && return
    apt_install chromium chromium-driver && return
    say "no chromium with chromedriver: --driver selenium will ask Selenium Manager for them"
}

install_redis() {
    command -v redis-server >/dev/null && return
    apt_install redis-server && return
    say "no redis-server, which the tests of the cluster start: sudo apt-get install -y redis-server"
}

install_fonts() {
    has_fonts && return
    # shellcheck disable=SC2086
    apt_install $DEBIAN_FONTS && has_fonts && return
    say "no font for Vietnamese, letters may be drawn as boxes: sudo apt-get install -y $DEBIAN_FONTS"
}

if [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] && has_browser; then
    exit 0
fi
"$venv_python" -m pip --version >/dev/null 2>&1 || make_venv
: >"$log"
install_packages
install_driver_library
install_browser
install_selenium_browser
install_redis
install_fonts
fingerprint >"$stamp"
say "ready"
