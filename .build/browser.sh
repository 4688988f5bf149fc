#!/bin/sh
# Brings the browser that the tests of the operations page need: Chromium and its driver, from Debian's packages where they are missing.
set -eu

is_there() {
  command -v chromium >/dev/null && command -v chromedriver >/dev/null
}

install() {
  echo "Chromium is missing: installing Debian's packages chromium and chromium-driver"
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium chromium-driver
}

is_there && exit 0
if grep -q '^ID=debian' /etc/os-release 2>/dev/null && [ "$(id -u)" = 0 ]; then
  mkdir -p "$(dirname "$0")/../target"
  log=$(dirname "$0")/../target/browser.log
  install >"$log" 2>&1 || { tail -n 20 "$log" >&2; echo "Chromium could not be installed; all of it is in $log" >&2; exit 1; }
  is_there && exit 0
fi
echo "The tests of the operations page need Chromium and its driver, as chromium and chromedriver on the PATH." >&2
echo "On Debian: sudo apt-get install chromium chromium-driver. Elsewhere: https://www.chromium.org and" >&2
echo "https://googlechromelabs.github.io/chrome-for-testing. mvn verify runs all other tests without them." >&2
exit 1
