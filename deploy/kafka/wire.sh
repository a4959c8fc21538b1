# shellcheck shell=bash disable=SC2034 # what is read here is for those who source this
# The few Kafka requests that deploy/kafka needs, spoken by bash over /dev/tcp: who is there, create
# and delete topics. A Java admin command takes a second of two cores for each of them, and kcat
# cannot create topics; these answer in milliseconds, so tests may make a topic a case.
#
# Sourced, never run. A request is built as hexadecimal text in `request` and sent by
# `wire_call`, which leaves the answer's body as hexadecimal text in `answer`; the `take_…`
# functions then eat it from the left and leave what they read in `taken`.
#
#   length:int32  api:int16 version:int16 correlation:int32 client:string  body…
#   length:int32  correlation:int32  body…
#
# Only versions from before the "flexible" encoding are used; Kafka 4 keeps them (KIP-896):
# Metadata v4, CreateTopics v2, DeleteTopics v1.

request=''
answer=''
taken=''

wire_timeout_s=15
readonly topic_unknown=3 topic_exists=36

# What a broker's error code means, for people.
error_name() {
  case $1 in
    0) echo "no error" ;;
    3) echo "there is no such topic" ;;
    7) echo "the broker did not finish in time; try again" ;;
    17) echo "a topic name has 1 to 249 letters, digits, '.', '_' or '-'" ;;
    35) echo "the broker does not speak this version of the request" ;;
    36) echo "the topic is there already" ;;
    37) echo "the number of partitions must be 1 or more" ;;
    40) echo "a setting is not one the broker takes" ;;
    *) echo "error $1 (see the list of error codes in Kafka's protocol guide)" ;;
  esac
}

put_int8() { printf -v request '%s%02x' "$request" $(($1 & 0xff)); }
put_int16() { printf -v request '%s%04x' "$request" $(($1 & 0xffff)); }
put_int32() { printf -v request '%s%08x' "$request" $(($1 & 0xffffffff)); }

put_string() {
  local LC_ALL=C text=$1 i code
  put_int16 ${#text}
  for ((i = 0; i < ${#text}; i++)); do
    printf -v code '%d' "'${text:i:1}"
    put_int8 "$code"
  done
}

# The number in the first $1 bytes of the answer, with its sign.
take_int() {
  local bits=$(($1 * 8))
  taken=$((16#${answer:0:$1*2}))
  answer=${answer:$1*2}
  if ((bits < 64 && taken >= 1 << (bits - 1))); then taken=$((taken - (1 << bits))); fi
}

# escape_hex TEXT: the same as \xNN\xNN…, for printf, in `escaped`.
escape_hex() {
  local i
  escaped=''
  for ((i = 0; i < ${#1}; i += 2)); do escaped+="\\x${1:i:2}"; done
}

# A string, or nothing for null.
take_string() {
  take_int 2
  local bytes=$((taken < 0 ? 0 : taken)) escaped
  escape_hex "${answer:0:bytes*2}"
  answer=${answer:bytes*2}
  printf -v taken '%b' "$escaped"
}

skip_bytes() { answer=${answer:$1*2}; }

# wire_read FD BYTES: that many bytes as hexadecimal text; fewer if the broker hangs up or waits.
wire_read() {
  timeout "$wire_timeout_s" head -c "$2" <&"$1" | od -An -v -tx1 | tr -d ' \n'
}

# wire_call PORT API VERSION: sends the body in `request` and leaves the answer's body in `answer`.
# Fails when nothing listens there or what listens does not answer like Kafka.
wire_call() {
  local port=$1 body=$request header length fd escaped
  request=''
  put_int16 "$2"
  put_int16 "$3"
  put_int32 1
  put_string tiendo
  header=$request
  request=''
  put_int32 $(((${#header} + ${#body}) / 2))
  request+=$header$body
  answer=''
  { exec {fd}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
  escape_hex "$request"
  # In a subshell, so that a peer that hangs up at once does not end this script by SIGPIPE.
  (printf '%b' "$escaped" >&"$fd") 2>/dev/null || true
  length=$(wire_read "$fd" 4)
  # What answers in another protocol gives an absurd length.
  if [[ ${#length} == 8 ]] && ((16#$length >= 4 && 16#$length < 1 << 26)); then
    length=$((16#$length))
    answer=$(wire_read "$fd" "$length")
  fi
  exec {fd}>&-
  [[ $answer == 00000001* && ${#answer} == $((length * 2)) ]] || return 1
  answer=${answer:8}
}

# read_cluster PORT: sets `cluster_id` and `brokers` (how many are up), and `topics`, which maps a
# name to its number of partitions when each of them has a leader and to `starting` before that.
declare -A topics=()
cluster_id='' brokers=0
read_cluster() {
  local count parts i j name internal state
  request=''
  put_int32 -1
  put_int8 0
  wire_call "$1" 3 4 || return 1
  take_int 4
  take_int 4
  brokers=$taken
  for ((i = 0; i < brokers; i++)); do
    take_int 4
    take_string
    take_int 4
    take_string
  done
  take_string
  cluster_id=$taken
  take_int 4
  topics=()
  take_int 4
  count=$taken
  for ((i = 0; i < count; i++)); do
    take_int 2
    take_string
    name=$taken
    take_int 1
    internal=$taken
    take_int 4
    parts=$taken state=$taken
    for ((j = 0; j < parts; j++)); do
      take_int 2
      take_int 4
      take_int 4
      ((taken >= 0)) || state=starting
      take_int 4
      skip_bytes $((taken * 4))
      take_int 4
      skip_bytes $((taken * 4))
    done
    ((internal)) || topics[$name]=$state
  done
}

# create_topics PORT NAME PARTITIONS SETTINGS [NAME PARTITIONS SETTINGS]…, where SETTINGS are
# `key=value` words. Sets `outcome[NAME]` to `created`, `exists` or the broker's reason. Fails only
# when there is no answer.
declare -A outcome=()
create_topics() {
  local port=$1 name setting code i count
  local -a settings
  shift
  request=''
  put_int32 $(($# / 3))
  while (($#)); do
    put_string "$1"
    put_int32 "$2"
    put_int16 1
    put_int32 0
    read -ra settings <<<"$3"
    put_int32 ${#settings[@]}
    for setting in "${settings[@]}"; do
      put_string "${setting%%=*}"
      put_string "${setting#*=}"
    done
    shift 3
  done
  put_int32 $((wire_timeout_s * 1000))
  put_int8 0
  wire_call "$port" 19 2 || return 1
  outcome=()
  take_int 4
  take_int 4
  count=$taken
  for ((i = 0; i < count; i++)); do
    take_string
    name=$taken
    take_int 2
    code=$taken
    take_string
    case $code in
      0) outcome[$name]=created ;;
      "$topic_exists") outcome[$name]=exists ;;
      *) outcome[$name]=${taken:-$(error_name "$code")} ;;
    esac
  done
}

# delete_topics PORT NAME…: sets `outcome[NAME]` to `deleted`, `missing` or a reason.
delete_topics() {
  local port=$1 name i count
  shift
  request=''
  put_int32 $#
  for name; do put_string "$name"; done
  put_int32 $((wire_timeout_s * 1000))
  wire_call "$port" 20 1 || return 1
  outcome=()
  take_int 4
  take_int 4
  count=$taken
  for ((i = 0; i < count; i++)); do
    take_string
    name=$taken
    take_int 2
    case $taken in
      0) outcome[$name]=deleted ;;
      "$topic_unknown") outcome[$name]=missing ;;
      *) outcome[$name]=$(error_name "$taken") ;;
    esac
  done
}
