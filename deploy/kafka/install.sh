# shellcheck shell=bash disable=SC2154 # `here` and the exit codes are set in common.sh
# What has to be on the machine before a broker can run: Java, and Kafka's jars. Sourced by start.
# All of it happens once; afterwards these functions only look.
#
#   CACHE/jars-SUM/          the jars; SUM is of the version and pom.xml
#   CACHE/maven.log          what maven said
#   CACHE/classes-SUM.jsa    classes made ready by start; SUM is of the jars' folder and of Java

pinned_version() { sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml"; }

apt_install() {
  ((EUID == 0)) || fail "$exit_no" "missing: $*. Install with: sudo apt-get install $*"
  command -v apt-get >/dev/null || fail "$exit_no" "missing: $*. Install it and run this again."
  say "installing $*" >&2
  # Another apt may be at work; on a fresh machine the package lists are missing.
  local -a apt=(apt-get -o DPkg::Lock::Timeout=600 -qq)
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
    { "${apt[@]}" update >&2 && "${apt[@]}" install -y --no-install-recommends "$@" >&2; } ||
    fail "$exit_no" "apt-get could not install $*; its message is above"
}

java_major() {
  local version
  # A file beside the program says the version without starting a JVM.
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(dirname -- "$1")/../release" 2>/dev/null)
  printf '%s\n' "${version:-0}"
}

# find_java: sets `java` to a Java of version 17 or later, which Kafka 4 needs.
find_java() {
  local candidate
  for candidate in "${JAVA_HOME:-/-}/bin/java" "$(command -v java)" /usr/lib/jvm/*/bin/java; do
    [[ -x $candidate ]] || continue
    candidate=$(readlink -f -- "$candidate")
    if (($(java_major "$candidate") >= 17)); then
      java=$candidate
      return 0
    fi
  done
  return 1
}

require_java() {
  find_java || apt_install openjdk-17-jre-headless
  find_java || fail "$exit_no" "no Java 17 or later found, though it was installed; set JAVA_HOME"
}

# require_jars CACHE VERSION: sets `jars` to the folder with the server's jars.
require_jars() {
  local cache=$1 version=$2 sum lock
  sum=$(printf '%s\n' "$version" | cat - "$here/pom.xml" | sha256sum)
  jars=$cache/jars-${sum:0:12}
  [[ ! -d $jars ]] || return 0
  mkdir -p -- "$cache"
  exec {lock}>"$cache/.lock"
  flock "$lock"
  # Whoever held the lock may have done it meanwhile.
  if [[ ! -d $jars ]]; then
    command -v mvn >/dev/null || apt_install maven
    say "fetching Apache Kafka $version (about 45 MB, once) into $cache" >&2
    rm -rf -- "$cache/incoming"
    JAVA_HOME=${java%/bin/java} mvn -B -ntp -C -f "$here/pom.xml" -Dkafka.version="$version" \
      -Dkafka.jars="$cache/incoming" package >"$cache/maven.log" 2>&1 {lock}>&- ||
      jars_failed "$cache"
    [[ -f $cache/incoming/kafka_2.13-$version.jar ]] || jars_failed "$cache"
    mv -T -- "$cache/incoming" "$jars"
  fi
  exec {lock}>&-
}

jars_failed() {
  grep -m 5 ERROR "$1/maven.log" >&2
  fail "$exit_again" "maven could not fetch Kafka; all it said is in $1/maven.log." \
    "Behind a proxy or with a mirror of Maven Central, say so in ~/.m2/settings.xml."
}
