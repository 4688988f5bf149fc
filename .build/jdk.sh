# Sets JDK to the home of a JDK from 25 on: JAVA_HOME, then the one on the PATH, then where systems and SDKMAN put them.

is_recent() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge 25 ]
}

find_jdk() {
  on_path=$(command -v javac || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/javac}
  fi
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_recent "$home"; then
      echo "$home"
      return
    fi
  done
}

require_maven() {
  command -v mvn >/dev/null || { echo "Maven from 3.8 on is needed to build: https://maven.apache.org" >&2; exit 1; }
}

JDK=$(find_jdk)
[ -n "$JDK" ] || { echo "A JDK from 25 on is needed, for example Temurin: https://adoptium.net (JAVA_HOME may name it)" >&2; exit 1; }
