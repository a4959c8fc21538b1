# shellcheck shell=bash
# What start, stop, topic and smoke share: where things are, and whose process is running. Sourced.
#
#   DIR/server.properties   written by every start; says the ports
#   DIR/kafka.pid           the process, while it runs
#   DIR/kafka.log           what the server and its JVM say
#   DIR/log/                Kafka's own files: topics, metadata, cluster id

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
readonly here
# shellcheck source-path=SCRIPTDIR source=wire.sh
source "$here/wire.sh"

# Exit codes of all tiendo's commands: 1 the answer is no, 2 wrong use, 75 try again.
readonly exit_no=1 exit_use=2 exit_again=75

say() { printf '%s\n' "$*"; }
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$code"
}
wrong_use() { fail "$exit_use" "$* (see --help)"; }

# The comment block at the head of the running script is its help.
show_help() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//p}' "$0"; }

default_data() { say "${TIENDO_KAFKA_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/tiendo/kafka}"; }

# need_value OPTION ARGUMENTS-LEFT
need_value() { (($2 >= 2)) || wrong_use "$1 needs a value"; }

# running_pid DIR: the process id of the server of this folder; fails when there is none. The pid
# file alone proves nothing after a crash: the number may be another program's by now.
running_pid() {
  local pid
  read -r pid 2>/dev/null <"$1/kafka.pid" || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$1/server.properties" || return 1
  printf '%s\n' "$pid"
}

# property DIR NAME: a value of the last start's settings.
property() { sed -n "s/^$2=//p" "$1/server.properties" 2>/dev/null | tail -n 1; }

# port_of DIR: where the broker of this folder listens, or listened last.
port_of() {
  local address
  address=$(property "$1" advertised.listeners)
  [[ $address ]] || return 1
  printf '%s\n' "${address##*:}"
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Two neighbouring ports on which nothing listens, below those the kernel hands out itself.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    port_is_open "$port" || port_is_open $((port + 1)) || break
  done
  printf '%s\n' "$port"
}

# Milliseconds of a clock that only runs forward.
now_ms() {
  local uptime
  read -r uptime _ </proc/uptime
  printf '%s\n' "$((10#${uptime/./} * 10))"
}

# A process that nobody waited for is still listed, as a zombie, but it is gone.
is_alive() { grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

# wait_for_exit PID SECONDS: whether the process was gone in time.
wait_for_exit() {
  local deadline=$(($(now_ms) + $2 * 1000))
  while is_alive "$1"; do
    (($(now_ms) < deadline)) || return 1
    sleep 0.05
  done
}

# wait_for_topics PORT WANTED NAME…: until all of them can be used (WANTED `there`) or none is left
# (`gone`). The answer to a request comes from the controller; the broker follows a moment later.
wait_for_topics() {
  local port=$1 wanted=$2 name open deadline=$(($(now_ms) + wire_timeout_s * 1000))
  shift 2
  while (($(now_ms) < deadline)); do
    open=0
    read_cluster "$port" || return 1
    for name; do
      case $wanted:${topics[$name]-} in
        gone: | there:[0-9]*) ;;
        *) open=1 ;;
      esac
    done
    ((open)) || return 0
    sleep 0.02
  done
  return 1
}

# check_topic_specs SPEC…: ends the script when one is not NAME:PARTITIONS[:TIME].
check_topic_specs() {
  local spec
  for spec; do
    [[ $spec =~ ^[A-Za-z0-9._-]{1,249}:[1-9][0-9]{0,4}(:(LogAppendTime|CreateTime))?$ ]] ||
      wrong_use "'$spec' is not NAME:PARTITIONS or NAME:PARTITIONS:LogAppendTime or …:CreateTime"
  done
}

# make_topics PORT EXISTING SETTINGS SPEC…: creates them all in one request. With EXISTING `keep`,
# topics that are there with as many partitions are left as they are; with `refuse` they are errors.
make_topics() {
  local port=$1 existing=$2 topic_settings=$3 spec name parts time reason bad=0
  local -A wanted=()
  local -a batch=()
  shift 3
  for spec; do
    IFS=: read -r name parts time <<<"$spec"
    wanted[$name]=$parts
    batch+=("$name" "$parts" "$topic_settings${time:+ message.timestamp.type=$time}")
  done
  create_topics "$port" "${batch[@]}" ||
    fail "$exit_again" "no answer from Kafka at 127.0.0.1:$port"
  for name in "${!outcome[@]}"; do
    if [[ ${outcome[$name]} == created || ${outcome[$name]} == exists && $existing == keep ]]; then
      continue
    fi
    reason=${outcome[$name]}
    [[ $reason != exists ]] || reason=$(error_name "$topic_exists")
    printf '%s: topic %s: %s\n' "${0##*/}" "$name" "$reason" >&2
    unset "wanted[$name]"
    bad=1
  done
  if ((${#wanted[@]})); then
    wait_for_topics "$port" there "${!wanted[@]}" ||
      fail "$exit_again" "the topics are created but have no leader yet"
  fi
  for name in "${!wanted[@]}"; do
    if [[ ${topics[$name]} != "${wanted[$name]}" ]]; then
      printf '%s: topic %s is there with %s partitions, not %s; delete it first\n' \
        "${0##*/}" "$name" "${topics[$name]}" "${wanted[$name]}" >&2
      bad=1
    else
      say "topic $name: ${wanted[$name]} partitions, ${outcome[$name]}"
    fi
  done
  ((!bad)) || exit "$exit_no"
}
