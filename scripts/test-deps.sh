#!/bin/sh
# Installs the programs that the tests start: Chromium, nginx, Redis, PostgreSQL and promtool, and those
# of docs/deploying.md, which is followed as a test.
# On Debian and Ubuntu with apt-get, only what is missing; elsewhere Playwright's own browser.
# What cannot be installed is named here, and again by the tests that need it.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
say() { echo "test-deps: $*" >&2; }

has_postgres() { command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
has_browser() {
    [ -x /usr/bin/chromium ] || ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium* >/dev/null 2>&1
}
is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; } # its chromium is a snap without a browser

missing() {
    has_browser || is_ubuntu || echo chromium
    command -v nginx >/dev/null || echo nginx
    command -v redis-server >/dev/null || echo redis-server
    has_postgres || echo postgresql
    command -v git >/dev/null || echo git
    command -v make >/dev/null || echo make
    command -v curl >/dev/null || echo curl
    command -v openssl >/dev/null || echo openssl
    command -v adduser >/dev/null || echo adduser
    command -v ip >/dev/null || echo iproute2
    command -v systemd-analyze >/dev/null || echo systemd
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    command -v apt-get >/dev/null || { say "no apt-get here; install by hand: $*"; return 0; }
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
        { say "neither root nor sudo; install by hand: apt-get install $*"; return 0; }
    say "installing $*"
    as_root apt-get update -qq </dev/null || say "apt-get update failed; trying with what it knows"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null ||
        say "apt-get could not install $*"
}

# Only this program: the package would start a server, and is five times as large.
fetch_promtool() {
    command -v apt-get >/dev/null || { say "no apt-get here; install promtool by hand"; return 0; }
    say "fetching promtool"
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -qq prometheus >/dev/null 2>&1 &&
        dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >promtool &&
        chmod 755 promtool) && mv "$folder/promtool" .venv/bin/promtool ||
        say "promtool could not be fetched"
    rm -rf "$folder"
}

packages=$(missing)
# shellcheck disable=SC2086 # a list of words
[ -z "$packages" ] || install_packages $packages
command -v promtool >/dev/null || [ -x .venv/bin/promtool ] || fetch_promtool
if ! has_browser; then
    say "installing Playwright's own Chromium"
    .venv/bin/python -m playwright install --with-deps chromium </dev/null ||
        .venv/bin/python -m playwright install chromium </dev/null ||
        say "no browser could be installed"
fi
