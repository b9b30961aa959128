#!/bin/sh
# Makes what docker-compose.yml reads from ./secrets: passwords and tokens of 256 random bits, and an authority of its own for the
# broker of onlookers, with certificates for it, the mail catcher, the hub and Home Assistant. What is there already stays.
# `make-secrets.sh <name>` makes one more client certificate, of that common name.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets
cd secrets

random() {
  [ -f "$1" ] || openssl rand -hex 32 | tr -d '\n' > "$1"
}
# Two years, for the name that it goes by on the network of the containers.
certificate() {
  [ -f "$1.pem" ] && return
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf 'subjectAltName=DNS:%s,DNS:localhost\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' \
    "$1" "$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA broker_ca.pem -CAkey broker_ca.key -days 730 -sha256 \
    -set_serial "0x$(openssl rand -hex 16)" -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

for name in influx_password influx_token grafana_password; do random "$name"; done
if [ ! -f broker_ca.pem ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out broker_ca.key
  openssl req -x509 -new -key broker_ca.key -days 3650 -sha256 -subj "/CN=Vigie onlookers" -out broker_ca.pem
fi
certificate mosquitto serverAuth
certificate mail serverAuth
certificate vigie-hub clientAuth
certificate home-assistant clientAuth
[ $# -eq 0 ] || certificate "$1" clientAuth

# Containers read them as users of their own; on this machine nobody gets through the folder. The authority's key stays shut.
chmod 444 -- *
chmod 400 broker_ca.key
