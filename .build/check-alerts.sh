#!/bin/sh
# Checks the alert rules and runs their tests with promtool: the one on the PATH, else Debian's, unpacked under target/ and not installed.
set -eu
cd "$(dirname "$0")/.."
tools=target/promtool

unpack_promtool() {
  mkdir -p "$tools"
  echo "promtool is not on the PATH: fetching Debian's into $tools"
  (cd "$tools" && { apt-get download -q prometheus || { apt-get update -q && apt-get download -q prometheus; }; } && dpkg -x prometheus_*.deb . && rm prometheus_*.deb) >"$tools.log" 2>&1
}

if command -v promtool >/dev/null; then
  promtool=promtool
elif [ -x "$tools/usr/bin/promtool" ]; then
  promtool=$tools/usr/bin/promtool
elif [ -f /etc/debian_version ] && command -v apt-get >/dev/null && unpack_promtool; then
  promtool=$tools/usr/bin/promtool
else
  echo "NOT CHECKED: the alert rules' own tests need promtool, which comes with Prometheus (https://prometheus.io/download/)." >&2
  echo "That they name only metrics that exist was checked all the same." >&2
  exit 0
fi

"$promtool" check rules ops/prometheus/alerts.yml
"$promtool" test rules ops/prometheus/alerts_test.yml
