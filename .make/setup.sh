#!/usr/bin/env bash
# Prepares this clone: the native programs, `.venv` and the Python packages in it.
# Run by `make setup`. Quick when nothing changed; safe to run again after an interruption.
# `setup.sh tests` also prepares PostgreSQL, which the tests start for themselves.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=.venv
readonly stamp="$venv/tieout.stamp"         # written last: which state of the project is installed
readonly unfinished="$venv/tieout.unfinished"  # there while packages are being installed
readonly languages="eng deu fra spa ita osd"   # osd finds how a page is turned

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian packages through apt-get, or one line that says what to install by hand.
install_packages() {
    command -v apt-get >/dev/null || stop "missing: $*. Without apt-get install them yourself:" \
        "'brew install python tesseract tesseract-lang poppler font-liberation font-dejavu' on macOS," \
        "'dnf install python3 tesseract tesseract-osd tesseract-langpack-{eng,deu,fra,spa,ita}" \
        "poppler-utils liberation-fonts dejavu-sans-fonts' on Fedora. Then run make again."
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        stop "neither root nor sudo: have an administrator run 'apt-get install -y $*', then run make again."
    say "installing through apt-get: $*"
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@" >&2
}

has_font() {
    [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.local/share/fonts" \
        /Library/Fonts "${HOME:-/}/Library/Fonts" -name "$1.*" 2>/dev/null)" ]
}

# Debian names of the native parts that are not there yet, one a line.
missing_native() {
    local known language
    command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null &&
        command -v pdftohtml >/dev/null || echo poppler-utils
    # Documents may name Helvetica, Times or Courier without carrying them; Liberation has their
    # widths. Synthetic documents are drawn with both families.
    has_font LiberationSans-Regular || echo fonts-liberation
    has_font DejaVuSans || echo fonts-dejavu-core
    if command -v tesseract >/dev/null; then
        known=$(tesseract --list-langs 2>&1 || true)
    else
        known=""
        echo tesseract-ocr
    fi
    for language in $languages; do
        grep -qx "$language" <<<"$known" || echo "tesseract-ocr-$language"
    done
}

can_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }
}

prepare_native() {
    local missing
    missing=$(missing_native)
    [ -z "$missing" ] && return
    if ! can_install && ! grep -qv '^fonts-' <<<"$missing"; then
        say "going on without ${missing//$'\n'/ }: PDFs that carry no fonts are drawn less exactly"
        return
    fi
    # shellcheck disable=SC2086  # one word a package
    install_packages $missing
    missing=$(missing_native)
    [ -z "$missing" ] || stop "still missing after the installation: ${missing//$'\n'/ }"
}

# The tests skip what needs PostgreSQL where it is missing: nothing stops here.
prepare_postgresql() {
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    if ! can_install; then
        say "going on without postgresql: the tests that need it are skipped"
        return
    fi
    install_packages postgresql-common
    # Only its programs are wanted, not a server that starts with the machine.
    as_root sed -i 's/^#*create_main_cluster *=.*/create_main_cluster = false/' \
        /etc/postgresql-common/createcluster.conf
    install_packages postgresql
}

# The tests of the desk drive Debian's Chromium, and skip where it is missing.
prepare_chromium() {
    command -v chromium >/dev/null && return
    if ! can_install; then
        say "going on without chromium: the tests of the desk in a browser are skipped"
        return
    fi
    install_packages chromium
}

new_enough() {
    command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The Python to build `.venv` with: $PYTHON if set, else the first that is 3.11 or newer.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    stop "need Python 3.11 or newer, found $(python3 --version 2>&1 || true)." \
        "Install one, or name it: make setup PYTHON=/path/to/python3"
}

# Debian keeps `ensurepip` apart from Python; a venv without it has no pip.
prepare_venv_module() {
    local python=$1
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    "$python" -c 'import ensurepip, venv' || stop "$python still cannot make a venv."
}

# Whether `.venv` was made here (its scripts hold its path, so it cannot be moved), was not cut off,
# and runs.
venv_is_sound() {
    [ ! -e "$unfinished" ] && grep -qsF "$(pwd -P)/$venv/bin/python" "$venv/bin/pip" &&
        "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

prepare_venv() {
    local python
    venv_is_sound && return
    python=$(find_python)
    prepare_venv_module "$python"
    if [ -e "$venv" ]; then
        say "$venv is broken, moved or half finished: making it anew"
        rm -rf "$venv"
    fi
    say "making $venv with $("$python" --version) ($python)"
    "$python" -m venv "$venv"
}

# What the installed packages depend on: the project's own list, and the Python that runs them.
fingerprint() {
    cat pyproject.toml "$venv/pyvenv.cfg" | cksum
}

install_python_packages() {
    say "installing the Python packages: 3 GB to fetch and 7 GB on disk with PyTorch's CUDA" \
        "libraries; two to five minutes the first time"
    touch "$unfinished"
    # An interrupted pip may leave a package half copied: then $unfinished stays, and the next run
    # starts from an empty .venv. A pip that fails by itself has put everything back.
    trap 'exit 130' INT TERM
    if ! { "$venv/bin/python" -m pip install --quiet --upgrade pip &&
        "$venv/bin/python" -m pip install --editable '.[all,dev]'; } >&2; then
        rm -f "$unfinished"
        stop "pip could not install the packages; the reason is above. Run make again to go on."
    fi
    trap - INT TERM
    fingerprint >"$stamp"
    rm -f "$unfinished"
}

# Two makes at once take turns (where flock exists); the lock goes with the process.
exec 9<pyproject.toml
if command -v flock >/dev/null; then flock 9; fi

prepare_native
[ "${1:-}" != tests ] || { prepare_postgresql; prepare_chromium; }
prepare_venv
[ "$(fingerprint)" = "$(cat "$stamp" 2>/dev/null)" ] || install_python_packages
say "ready"
