#!/bin/sh
# Builds the product once more, from a copy of its sources, in another folder, time zone and language: every jar must be the same, byte for byte.
set -eu
cd "$(dirname "$0")/.."
. ./.build/jdk.sh
. ./.build/jar.sh

if jar_is_stale; then build_jar; fi
again=$PWD/target/reproducible
rm -rf "$again"
mkdir -p "$again"
tar -cf - --exclude=target --exclude=./data --exclude=.git . | tar -xf - -C "$again"
(cd "$again" && TZ=Pacific/Kiritimati LC_ALL=C LANG=C && export TZ LC_ALL LANG && build_jar)

sums() { (cd "$1/bootstrap/target" && sha256sum tributary.jar lib/*.jar); }
sums . >target/jars.sha256
sums "$again" >target/jars-again.sha256
if ! diff target/jars.sha256 target/jars-again.sha256; then
  echo "NOT REPRODUCIBLE: two builds of the same sources made the different jars above; the second build is in $again" >&2
  exit 1
fi
rm -rf "$again"
echo "Reproducible: $(wc -l <target/jars.sha256) jars came out the same, byte for byte; their sums are in target/jars.sha256"
