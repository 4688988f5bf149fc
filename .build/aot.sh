# What the JVM knows of the product before it starts: a cache beside the jar, made once for each jar, JDK and set of options. Needs jdk.sh and
# jar.sh.

is_up_to_date() {
  [ -n "$(find "$1" -newer "$JAR" 2>/dev/null)" ]
}

# Makes the cache for the next start, behind the back of this one: with the least priority, and once, also if it cannot be made.
train() {
  if is_up_to_date "$CACHE.log"; then return; fi
  rm -f "$JAR".*.aot "$JAR".*.aot.log
  if ! (set -C && : >"$CACHE.log") 2>/dev/null; then return; fi
  detach=$(command -v setsid || true)
  # Twice in the background: what the JVM becomes in a moment shall have no child that it does not know.
  (
    $detach nice -n 19 "$JDK/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m .build/Train.java "$CACHE" "$@" \
      >>"$CACHE.log" 2>&1 </dev/null &
  )
}

# Sets aot to what java needs to use the cache, or to nothing where there is none yet. A cache that does not fit after all, as JAVA_TOOL_OPTIONS
# may have it, is left aside without a word.
find_cache() {
  CACHE=$JAR.$( (cat "$JDK/release" && echo "$*") | cksum | cut -d ' ' -f 1).aot
  if is_up_to_date "$CACHE"; then
    aot="-XX:AOTCache=$CACHE -Xlog:aot=off -Xlog:cds=off"
  else
    aot=
    train "$@" -jar "$JAR" || true
  fi
}
