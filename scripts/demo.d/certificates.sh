# The certificates of scripts/demo in $WORK: two CAs, a server, clients, and a revocation list.
# shellcheck shell=bash

quietly() {
  "$@" >"$WORK/quiet.log" 2>&1 || fail "$1 failed: $(<"$WORK/quiet.log")"
}

make_key_and() { # name, arguments of 'openssl req'
  quietly openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config "$WORK/openssl.cnf" \
    -keyout "$WORK/$1.key" "${@:2}"
}

make_ca() { # name, subject
  mkdir "$WORK/$1.db"
  : >"$WORK/$1.db/index"
  make_key_and "$1" -x509 -days 2 -subj "$2" -extensions ca_extensions -out "$WORK/$1.pem"
}

# 'openssl ca' instead of 'openssl x509 -req': only 'openssl ca' sets both dates in every version.
with_ca() { # name, arguments of 'openssl ca'
  CA_FOLDER="$WORK/$1.db" quietly openssl ca -batch -notext -config "$WORK/openssl.cnf" \
    -cert "$WORK/$1.pem" -keyfile "$WORK/$1.key" "${@:2}"
}

make_certificate() { # name, ca, client or server, validity as arguments of 'openssl ca'
  make_key_and "$1" -new -subj /CN=widget-7 -out "$WORK/$1.csr"
  with_ca "$2" -extensions "$3_extensions" "${@:4}" -in "$WORK/$1.csr" -out "$WORK/$1.pem"
}

make_certificates() {
  cat >"$WORK/openssl.cnf" <<CONFIGURATION
CA_FOLDER = .
[req]
distinguished_name = subject
[subject]
[ca_extensions]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[crl_extensions]
authorityKeyIdentifier = keyid
[server_extensions]
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
[client_extensions]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:widget-7.demo.example, DNS:backup.demo.example, URI:$SPIFFE_ID, URI:https://demo.example/widgets/7
[ca]
default_ca = demo_ca
[demo_ca]
database = \$ENV::CA_FOLDER/index
new_certs_dir = \$ENV::CA_FOLDER
default_md = sha256
rand_serial = yes
unique_subject = no
policy = any_subject
[any_subject]
commonName = supplied
CONFIGURATION
  make_ca ca '/CN=Demo CA'
  make_ca foreign-ca '/CN=Foreign CA'
  make_certificate server ca server -days 1
  make_certificate valid ca client -days 1
  make_certificate expired ca client -startdate 240101000000Z -enddate 240630000000Z
  make_certificate revoked ca client -days 1
  make_certificate foreign foreign-ca client -days 1
  with_ca ca -revoke "$WORK/revoked.pem"
  with_ca ca -gencrl -crldays 1 -crlexts crl_extensions -out "$WORK/clients.crl"
  cp "$WORK/ca.pem" "$WORK/clients.crt"
}

show_certificates() {
  local name
  for name in valid expired revoked foreign; do
    note "$name: $(openssl x509 -noout -issuer -enddate -in "$WORK/$name.pem" | paste -sd ' ' -)"
  done
  note "all have these names:"
  openssl x509 -noout -ext subjectAltName -in "$WORK/valid.pem" | sed -n '2,$ s/^ *//p' | sed 's/, /\n/g' | indent
}
