# The part of scripts/demo that is a relying party: it reads and verifies the token.
# shellcheck shell=bash

base64url_decode() {
  local text
  text=$(printf '%s' "$1" | tr '_-' '/+')
  while ((${#text} % 4 != 0)); do text+='='; done
  printf '%s' "$text" | openssl base64 -d -A
}

base64url_hex() { base64url_decode "$1" | od -An -v -tx1 | tr -d ' \n'; }

# Makes an RSA public key from the modulus and the exponent of a JWK (RFC 7518 section 6.3.1).
public_key() { # n, e, output file
  cat >"$WORK/key.asn1" <<ASN1
asn1 = SEQUENCE:public_key_info
[public_key_info]
algorithm = SEQUENCE:rsa
key = BITWRAP,SEQUENCE:rsa_key
[rsa]
algorithm = OID:rsaEncryption
parameter = NULL
[rsa_key]
n = INTEGER:0x$(base64url_hex "$1")
e = INTEGER:0x$(base64url_hex "$2")
ASN1
  quietly openssl asn1parse -genconf "$WORK/key.asn1" -noout -out "$WORK/key.der"
  quietly openssl pkey -pubin -inform DER -in "$WORK/key.der" -out "$3"
}

signature_is_valid() { # signed text
  base64url_decode "$TOKEN_SIGNATURE" >"$WORK/signature"
  printf '%s' "$1" | openssl dgst -sha256 -verify "$WORK/key.pem" -signature "$WORK/signature" >/dev/null 2>&1
}

verify_token() {
  local metadata header claims jwk kid
  header=$(base64url_decode "$TOKEN_HEADER")
  claims=$(base64url_decode "$TOKEN_CLAIMS")
  metadata=$(get -fL "$BASE/") || fail "no discovery document at $BASE"
  note "discovery: $BASE/.well-known/openid-configuration, without a certificate"
  expect_equal "the claim iss, compared with discovery," "$(member "$claims" iss)" "$(member "$metadata" issuer)"
  note "keys: $(member "$metadata" jwks_uri)"
  kid=$(member "$header" kid)
  jwk=$(get -f "$(member "$metadata" jwks_uri)" | tr '{' '\n' | grep -F "\"kid\":\"$kid\"") ||
    fail "no key there has the kid of the token, $kid"
  expect_equal "alg, compared with the key $kid," "$(member "$header" alg)" "$(member "$jwk" alg)"
  public_key "$(member "$jwk" n)" "$(member "$jwk" e)" "$WORK/key.pem"
  signature_is_valid "$TOKEN_HEADER.$TOKEN_CLAIMS" || fail "the signature does not match the key"
  note "ok: the signature is valid (openssl)"
  ! signature_is_valid "$TOKEN_HEADER.$TOKEN_CLAIMS." || fail "the signature is also valid for a changed token"
  note "ok: the signature is not valid for a token with one more character"
  verify_claims "$claims"
}

verify_claims() { # claims
  local now certificate
  now=$(date +%s)
  certificate=$(openssl x509 -in "$WORK/valid.pem" -outform DER | openssl dgst -sha256 -binary | openssl base64 -A)
  expect_equal "aud" "$(member "$1" aud)" "$BASE"
  expect_equal "sub" "$(member "$1" sub)" "$SPIFFE_ID"
  expect_equal "x5t#S256, the thumbprint of the certificate," "$(member "$1" 'x5t#S256')" \
    "$(tr '/+' '_-' <<<"${certificate%=}")"
  (($(member "$1" iat) <= now + 1 && $(member "$1" exp) > now)) || fail "the current time is not between iat and exp"
  expect_equal "exp, in seconds after iat," "$(($(member "$1" exp) - $(member "$1" iat)))" 300
}
