# Shared by the scripts of this folder: where things are, and how to speak. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
# Tools built for this project alone; a newer one elsewhere on the machine is left as it is.
TOOLS="$TARGET/tools"
export SITE_ROOT="${SITE_ROOT:-$ROOT/target/site}"
export PATH="$TOOLS/bin:$ROOT/node_modules/.bin:$PATH"

say() { if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# The version that the lock file gives a crate: locked_version wasm-bindgen
locked_version() {
	awk -v name="$1" '$1 == "name" && $3 == "\"" name "\"" { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# The first Chromium-like browser of the machine, or nothing. CHROMIUM overrides.
find_chromium() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
		if [ -n "$name" ] && has "$name"; then
			command -v "$name"
			return
		fi
	done
}

# The folder of PostgreSQL's server programs (Debian keeps them out of PATH), newest first, or nothing.
find_postgres() {
	local folder
	for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
		if [ -x "$folder/initdb" ]; then
			echo "$folder"
			return
		fi
	done
	if has initdb; then dirname "$(readlink -f "$(command -v initdb)")"; fi
}
