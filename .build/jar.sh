# The product's jar, with its libraries beside it. Needs jdk.sh.

JAR=bootstrap/target/tributary.jar

jar_is_stale() {
  [ ! -f "$JAR" ] || [ -n "$(find . -path '*/src/main/*' -type f -newer "$JAR" -print -o -name pom.xml -newer "$JAR" -print | head -n 1)" ]
}

build_jar() {
  require_maven
  # Jars hold the modes of their files.
  umask 022
  mvn -q -B package -pl bootstrap -am -Dmaven.test.skip=true -Dspotless.check.skip=true
  touch "$JAR"
}
