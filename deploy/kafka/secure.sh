# shellcheck shell=bash
# What start --secure adds: a CA of its own, a certificate, and two more listeners. Sourced.
#
#   DIR/tls/ca.pem        what a client has to trust
#   DIR/tls/broker.pem    the broker's private key and certificate, for localhost and 127.0.0.1
#   DIR/tls/client.pem    the same for a client, which is User:CN=tiendo to the broker

readonly scram=SCRAM-SHA-256

# make_certificates DIR: once; they hold for ten years.
make_certificates() {
  local tls=$1/tls
  [[ ! -f $tls/client.pem ]] || return 0
  command -v openssl >/dev/null || apt_install openssl
  mkdir -p -- "$tls"
  {
    openssl req -x509 "${new_key[@]}" -keyout "$tls/ca.key" -out "$tls/ca.pem" -days 3650 \
      -subj "/CN=CA of a tiendo test broker"
    make_certificate "$tls" broker localhost
    make_certificate "$tls" client tiendo
  } >"$tls/openssl.log" 2>&1 ||
    fail "$exit_no" "the certificates could not be made; the whole story is in $tls/openssl.log"
}

# make_certificate TLS-DIR FILE NAME
readonly new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
make_certificate() {
  local tls=$1 file=$1/$2
  openssl req "${new_key[@]}" -keyout "$file.key" -out "$file.csr" -subj "/CN=$3" || return 1
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >"$tls/names"
  openssl x509 -req -in "$file.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial \
    -days 3650 -extfile "$tls/names" -out "$file.crt" || return 1
  (umask 077 && cat "$file.key" "$file.crt" >"$file.pem")
}

# secure_ports DIR: sets `ssl_port` and `sasl_port`: those of the last start, else free ones.
ssl_port='' sasl_port=''
secure_ports() {
  ssl_port=$(listener_port "$1" SSL)
  sasl_port=$(listener_port "$1" SASL_SSL)
  if [[ ! $ssl_port || ! $sasl_port ]]; then
    ssl_port=$(free_port)
    sasl_port=$((ssl_port + 1))
  fi
}

# listener_port DIR NAME: as clients are told; empty when there is none.
listener_port() {
  { property "$1" advertised.listeners || true; } | tr ',' '\n' | sed -n "s|^$2://.*:||p"
}

# secure_settings DIR PORT CONTROLLER-PORT NAME:PASSWORD…: lines for server.properties.
secure_settings() {
  local data=$1 port=$2 controller_port=$3 user users=''
  shift 3
  for user; do users+=" user_${user%%:*}=\"${user#*:}\""; done
  local prefix=listener.name.sasl_ssl module=org.apache.kafka.common.security
  # The plain listener stands last: port_of takes that.
  local secure="SSL://127.0.0.1:$ssl_port,SASL_SSL://127.0.0.1:$sasl_port"
  cat <<END

# From --secure.
listeners=$secure,PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=$secure,PLAINTEXT://127.0.0.1:$port
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location=$data/tls/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location=$data/tls/ca.pem
ssl.client.auth=requested
$prefix.sasl.enabled.mechanisms=$scram,PLAIN
$prefix.${scram,,}.sasl.jaas.config=$module.scram.ScramLoginModule required;
$prefix.plain.sasl.jaas.config=$module.plain.PlainLoginModule required$users;
END
}

# scram_options NAME:PASSWORD…: sets `format_options` for the tool that formats a folder.
format_options=()
scram_options() {
  local user
  format_options=()
  for user; do
    format_options+=(--add-scram "$scram=[name=\"${user%%:*}\",password=\"${user#*:}\"]")
  done
}
