#!/bin/sh
# Puts a redis-server that speaks TLS to target/redis-tls/redis-server, for the tests that need one, and for benchmarks: the one on the PATH, else
# Debian's, unpacked there and not installed. The bundled one speaks no TLS, and is not as fast.
set -eu
cd "$(dirname "$0")/.."
tools=target/redis-tls
server=$tools/redis-server

# One without TLS stumbles over the first option, one with it only over the second.
speaks_tls() {
  "$1" --version >/dev/null 2>&1 && ! "$1" --tls-cluster no --port -1 2>&1 | grep -q tls-cluster
}

download() {
  apt-get download -q redis-server redis-tools libjemalloc2 liblzf1
}

unpack_debians() {
  echo "No redis-server with TLS is on the PATH: fetching Debian's into $tools"
  (cd "$tools" && { download || { apt-get update -q && download; }; } \
    && for package in *.deb; do dpkg -x "$package" .; done && rm ./*.deb) >"$tools.log" 2>&1 || return 1
  rm -f "$server"
  for program in redis-server redis-benchmark; do
    {
      echo '#!/bin/sh'
      echo 'here=$(dirname "$0")'
      echo "LD_LIBRARY_PATH=\$(echo \"\$here\"/usr/lib/*-linux-gnu*) exec \"\$here/usr/bin/$program\" \"\$@\""
    } >"$tools/$program"
    chmod +x "$tools/$program"
  done
}

mkdir -p "$tools"
if [ -x "$server" ] && speaks_tls "$server"; then
  exit 0
elif speaks_tls redis-server; then
  ln -sf "$(command -v redis-server)" "$server"
elif ! { [ -f /etc/debian_version ] && command -v apt-get >/dev/null && unpack_debians && speaks_tls "$server"; }; then
  rm -f "$server"
  exit 1
fi
