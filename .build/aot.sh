# What the JVM knows of the product before it starts: a cache beside the jar, made once for each jar, JDK and set of options. Needs jdk.sh and
# jar.sh.

is_newer_than_jar() {
  [ -n "$(find "$1" -newer "$JAR" 2>/dev/null)" ]
}

# Sets CACHE, and aot to what java needs to use it: nothing where there is none yet. A cache that does not fit after all, as JAVA_TOOL_OPTIONS may
# have it, is left aside without a word. Arguments: the options of the JVM.
find_cache() {
  CACHE=$JAR.$( (cat "$JDK/release" && echo "$*") | cksum | cut -d ' ' -f 1).aot
  aot=
  if is_newer_than_jar "$CACHE"; then aot="-XX:AOTCache=$CACHE -Xlog:aot=off -Xlog:cds=off"; fi
}

# Makes the cache for the next start, behind the back of this one: with the least priority, and once, also if it cannot be made; the log beside it
# says why. Arguments: the options of the JVM.
make_cache() {
  if is_newer_than_jar "$CACHE.log"; then return; fi
  find "$(dirname "$JAR")" -name '*.aot*' ! -newer "$JAR" -exec rm -f {} +
  if ! (set -C && : >"$CACHE.log") 2>/dev/null; then return; fi
  detached=$(command -v setsid || true)
  # From a shell of its own, which ends at once: what this one becomes shall have no child that it does not know.
  (
    $detached nice -n 19 "$JDK/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m .build/Train.java "$CACHE" "$@" -jar "$JAR" \
      >>"$CACHE.log" 2>&1 </dev/null &
  )
}
