#!/bin/sh
# tools/install.sh build|test   installs what is missing for building, or for building and testing, on Debian 12.
# It says nothing and touches nothing when everything is there.
set -eu
cd "$(dirname "$0")/.."

need="build-essential meson ninja-build pkg-config libuv1-dev node-llhttp libsqlite3-dev libpq-dev libjansson-dev libssl-dev libargon2-dev zlib1g-dev
      libzip-dev libxml2-dev libxlsxwriter-dev libseccomp-dev"
command -v node >/dev/null || need="$need nodejs"
command -v npm >/dev/null || need="$need npm"
npm_options="--omit=dev"
npm_look=node_modules/htmx.org
if [ "$1" = test ]; then
  need="$need libcmocka-dev clang chromium fonts-noto-cjk postgresql-15"
  npm_options=
  npm_look="$npm_look node_modules/playwright-core"
fi

missing=
for package in $need; do
  case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) in
  installed) ;;
  *) missing="$missing $package" ;;
  esac
done
if [ -n "$missing" ]; then
  sudo=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install as root:$missing" >&2; exit 1; }
    sudo=sudo
  fi
  echo "Installing:$missing"
  log=$(mktemp)
  # Debian makes and starts a system cluster when PostgreSQL first comes. The tests start clusters of their own (tests/postgres.js), so it is told
  # not to: by a file that is there while it installs. Whoever wants a system cluster later says pg_createcluster.
  none=/etc/postgresql-common/createcluster.d/no-main.conf
  case $missing in *postgresql-15*) $sudo mkdir -p "${none%/*}" && echo "create_main_cluster = false" | $sudo tee "$none" >/dev/null && trap '$sudo rm -f "$none"' EXIT ;; esac
  install="env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends"
  $sudo $install $missing >"$log" 2>&1 || { $sudo apt-get update -qq >"$log" 2>&1 && $sudo $install $missing >>"$log" 2>&1; } || { cat "$log" >&2; exit 1; }
  rm -f "$log"
fi

for module in $npm_look; do
  if [ ! -d "$module" ]; then
    echo "Fetching what the browser gets (npm)"
    npm ci --ignore-scripts --silent --no-progress $npm_options
    break
  fi
done
